package netif

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"standin/internal/run"
)

// sec(4) is an xfrm interface of Linux: what is routed to it goes through the SAs of its number, or nowhere.

const (
	secMTU, secMTUMin, secMTUMax = 1280, 1280, 32768
	secFlags                     = 0x8010
)

// IsSec tells whether a name is one of sec(4).
func IsSec(name string) bool {
	_, ok := secUnit(name)
	return ok
}

func secUnit(name string) (uint32, bool) {
	text := strings.TrimPrefix(name, "sec")
	unit, err := strconv.ParseUint(text, 10, 31)
	return uint32(unit), err == nil && text != name && strconv.FormatUint(unit, 10) == text
}

// SecID is what ties SAs to the interface of that unit. Linux takes 0 for none.
func SecID(unit uint32) uint32 { return unit + 1 }

func createSec(name string) error {
	unit, _ := secUnit(name)
	if err := ip("link", "add", name, "type", "xfrm", "if_id", fmt.Sprint(SecID(unit))); err != nil {
		return err
	}
	return ip("link", "set", name, "mtu", fmt.Sprint(secMTU))
}

func secTakesMTU(text string) bool {
	mtu, err := strconv.Atoi(text)
	return err == nil && mtu >= secMTUMin && mtu <= secMTUMax
}

// secAddress is an address of the interface with that of the other end.
type secAddress struct {
	own, peer net.IP
	mask      net.IPMask
}

func (a secAddress) String() string {
	return fmt.Sprintf("\tinet %s --> %s netmask 0x%x\n", a.own, a.peer, []byte(a.mask))
}

func (a secAddress) ones() int {
	ones, _ := a.mask.Size()
	return ones
}

// goesFor: without "alias" an address takes the place of the others.
func (a secAddress) goesFor(r request) bool {
	if r.remove {
		return a.own.Equal(r.address)
	}
	same := a.own.Equal(r.address) && a.peer.String() == r.peer && a.ones() == r.ones
	return !r.alias && !same
}

func secAddresses(name string) []secAddress {
	text, err := run.Host("ip", "-o", "-4", "addr", "show", "dev", name)
	if err != nil {
		return nil
	}
	return parseSecAddresses(text)
}

// parseSecAddresses reads "7: sec0    inet 169.254.10.2 peer 169.254.10.1/30 scope global sec0".
func parseSecAddresses(text string) []secAddress {
	var all []secAddress
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) < 6 || words[2] != "inet" || words[4] != "peer" {
			continue
		}
		if peer, network, err := net.ParseCIDR(words[5]); err == nil {
			all = append(all, secAddress{net.ParseIP(words[3]), peer, network.Mask})
		}
	}
	return all
}

// setSecAddress carries out an inet command on the interface.
func setSecAddress(name string, r request) error {
	for _, one := range secAddresses(name) {
		if ones := one.ones(); one.goesFor(r) {
			if err := ip("addr", "del", one.own.String(), "peer", fmt.Sprintf("%s/%d", one.peer, ones), "dev", name); err != nil {
				return fmt.Errorf("SIOCDIFADDR: %v", err)
			}
		}
	}
	if r.remove {
		return nil
	}
	if r.peer == "" {
		return fmt.Errorf("SIOCAIFADDR: Invalid argument")
	}
	if err := ip("addr", "replace", r.address.String(), "peer", fmt.Sprintf("%s/%d", r.peer, r.ones), "dev", name); err != nil {
		return fmt.Errorf("SIOCAIFADDR: %v", err)
	}
	// The packet filter goes by the addresses that an interface has now.
	_, err := run.Host("faces", "--addresses")
	return err
}

// switchSec sets the interface up or down. In OpenBSD its routes stay, and what they take goes nowhere while it is
// down; Linux forgets them, and would send the packets by another way.
func switchSec(name, word string) error {
	held := heldRoutes(name)
	if word == "down" {
		if !isUp(name) {
			return nil
		}
		for _, r := range routes("-4") {
			if r.iface == name && r.gateway != "" {
				held = append(held, r)
			}
		}
		if err := ip("link", "set", name, "down"); err != nil {
			return err
		}
		for _, r := range held {
			if err := r.block("replace"); err != nil {
				return err
			}
		}
		for _, peer := range peers(name) {
			if err := ip("route", "replace", "unreachable", peer); err != nil {
				return err
			}
		}
		return hold(name, held)
	}
	for _, peer := range peers(name) {
		// There is none before the interface was up for the first time.
		ip("route", "del", "unreachable", peer)
	}
	if err := ip("link", "set", name, "up"); err != nil {
		return err
	}
	for _, r := range held {
		if err := r.block("del"); err != nil {
			return err
		}
		if err := ip(append([]string{"route", "add", r.dest, "via", r.gateway}, metric(r.prio)...)...); err != nil {
			return err
		}
	}
	return hold(name, nil)
}

func destroySec(name string) error {
	for _, r := range heldRoutes(name) {
		r.block("del")
	}
	for _, peer := range peers(name) {
		ip("route", "del", "unreachable", peer)
	}
	if err := hold(name, nil); err != nil {
		return err
	}
	return ip("link", "del", name)
}

func peers(name string) []string {
	var all []string
	for _, a := range secAddresses(name) {
		all = append(all, a.peer.String())
	}
	return all
}

func isUp(name string) bool {
	i, err := net.InterfaceByName(name)
	return err == nil && i.Flags&net.FlagUp != 0
}
