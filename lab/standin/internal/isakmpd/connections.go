package isakmpd

import (
	"encoding/json"
	"net"
	"net/netip"
	"os"
	"strings"
)

const connectionsFile = "/var/run/isakmpd.connections"

// Connection is what others want to know of a configured phase 2 connection; it holds no secret.
type Connection struct {
	Name          string
	Local, Remote string // selectors
	Inner         string // what pf translates to Local, "" is nothing
	Peer          string // address, "" is any
	LocalAddress  string
	SrcID, DstID  string
	Tag           string
	Passive       bool
	// What isakmpd says of a key that it cannot use, when it comes to it.
	OwnProblem, PeerProblem string
}

// Connections reads what the running daemon has configured.
func Connections() []Connection {
	data, err := os.ReadFile(connectionsFile)
	if err != nil {
		return nil
	}
	var all []Connection
	if json.Unmarshal(data, &all) != nil {
		return nil
	}
	return all
}

// connections lists the model's connections, the active ones first.
func (m *Model) connections() []Connection {
	var all []Connection
	for _, list := range []string{"Connections", "Passive-Connections"} {
		for _, name := range m.List("Phase 2", list) {
			peer := m.Get(name, "ISAKMP-peer")
			if peer == "" {
				continue
			}
			c := Connection{Name: name, Passive: list != "Connections",
				Local: m.selector(m.Get(name, "Local-ID")), Remote: m.selector(m.Get(name, "Remote-ID")),
				Inner: m.selector(m.natID(name)), LocalAddress: m.Get(peer, "Local-address"),
				Peer: m.Get(peer, "Address"), SrcID: m.identity(m.Get(peer, "ID")), DstID: m.identity(m.Get(peer, "Remote-ID"))}
			if c.SrcID == "" {
				c.SrcID = m.Get(peer, "Local-address")
			}
			if c.DstID == "" {
				c.DstID = c.Peer
			}
			if m.signs(m.Get(peer, "Configuration")) {
				k := m.keys(peer)
				c.OwnProblem, c.PeerProblem = k.ownProblem, k.peerProblem
			}
			domain := c.DstID
			if at := strings.IndexAny(domain, "@."); at >= 0 {
				domain = domain[at+1:]
			}
			c.Tag = strings.NewReplacer("$id", c.DstID, "$domain", domain).Replace(m.Get(name, "PF-Tag"))
			all = append(all, c)
		}
	}
	return all
}

// natID is the ID section of what pf translates, "" if there is none or isakmpd does not find it: it looks
// the connection up by the ids of the exchange, whose types have to be equal, and the peers here answer
// with an address for a single host (connection.c compare_ids).
func (m *Model) natID(connection string) string {
	for _, tag := range []string{"Local-ID", "Remote-ID"} {
		id := m.Get(connection, tag)
		if m.Get(id, "ID-type") == "IPV4_ADDR_SUBNET" && m.Get(id, "Netmask") == "255.255.255.255" {
			return ""
		}
	}
	return m.Get(connection, "NAT-ID")
}

// identity returns the value of an ID section.
func (m *Model) identity(section string) string {
	if name := m.Get(section, "Name"); name != "" {
		return name
	}
	return m.Get(section, "Address")
}

// selector returns the network or host of an ID section as a prefix, "" if it is none.
func (m *Model) selector(section string) string {
	text := m.Get(section, "Address")
	if text == "" {
		text = m.Get(section, "Network")
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return ""
	}
	bits := addr.BitLen()
	if mask := net.ParseIP(m.Get(section, "Netmask")); mask != nil {
		raw := []byte(mask.To16())
		if v4 := mask.To4(); v4 != nil && addr.Is4() {
			raw = v4
		}
		bits, _ = net.IPMask(raw).Size()
	}
	return netip.PrefixFrom(addr, bits).String()
}

// ReqID ties the SAs of a connection behind pf's translation to policies that are not charon's own.
func (c Connection) ReqID() int {
	sum := 0
	for _, letter := range c.Name {
		sum = (sum*31 + int(letter)) & 0x7fff
	}
	return 0x10000 + sum
}
