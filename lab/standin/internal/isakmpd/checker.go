package isakmpd

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"standin/internal/vici"
)

// exchangeMax is how many seconds an exchange that is not done lives on (exchange.h), unless configured.
const exchangeMax = 120

// checker is isakmpd's list of the connections that are to be up always (connection.c), and the exchanges
// that keep another one of the same name from beginning (exchange.c).
type checker struct {
	active []string
	begun  map[string]time.Time
	// Connections whose phase 1 was begun for them.
	waiting map[string][]string
}

func newChecker() *checker {
	return &checker{begun: map[string]time.Time{}, waiting: map[string][]string{}}
}

// reinit makes the list that of the configuration; exchanges live on.
func (c *checker) reinit(m *Model) { c.active = m.List("Phase 2", "Connections") }

func (c *checker) index(name string) int {
	for i, known := range c.active {
		if strings.EqualFold(known, name) {
			return i
		}
	}
	return -1
}

// setup is connection_setup: one that is on the list already is left alone.
func (c *checker) setup(name string) bool {
	if c.index(name) >= 0 {
		return false
	}
	c.active = append(c.active, name)
	return true
}

// teardown is connection_teardown: nothing brings the connection back but setup or reinit.
func (c *checker) teardown(name string) {
	if i := c.index(name); i >= 0 {
		c.active = append(c.active[:i:i], c.active[i+1:]...)
	}
}

// begin tells whether an exchange for the connection can begin now, and notes that it does.
func (c *checker) begin(peer, connection string, phase1Done bool, now time.Time, limit time.Duration) bool {
	running := func(name string) bool {
		begun, there := c.begun[name]
		return there && now.Sub(begun) < limit
	}
	if running(connection) {
		return false
	}
	if phase1Done {
		c.begun[connection] = now
		return true
	}
	if running(peer) {
		return false
	}
	c.begun[peer] = now
	c.waiting[peer] = append(c.waiting[peer], connection)
	return true
}

// done ends the exchange of that name; after a phase 1 those of its connections follow.
func (c *checker) done(name string, now time.Time) {
	delete(c.begun, name)
	for _, connection := range c.waiting[name] {
		c.begun[connection] = now
	}
	delete(c.waiting, name)
}

// finished names the exchanges that an event of charon says are done.
func finished(event string, m *vici.Section) []string {
	if m.String("up") != "yes" {
		return nil
	}
	var names []string
	for _, key := range m.Keys {
		sa := m.Section(key)
		if event == "ike-updown" && sa.String("state") != "" {
			names = append(names, key)
		}
		if event == "child-updown" {
			children := sa.Section("child-sas")
			for _, child := range children.Keys {
				names = append(names, children.Section(child).String("name"))
			}
		}
	}
	return names
}

// exchangeLimit is Exchange-max-time.
func (m *Model) exchangeLimit() time.Duration {
	seconds, err := strconv.Atoi(m.Get("General", "Exchange-max-time"))
	if err != nil || seconds <= 0 {
		seconds = exchangeMax
	}
	return time.Duration(seconds) * time.Second
}

// isAddress: t and t main look an address up together with port 0, which no SA has (sa.c), so that they
// do nothing.
func isAddress(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}
