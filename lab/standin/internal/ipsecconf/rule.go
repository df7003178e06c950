// Package ipsecconf parses ipsec.conf(5) and turns its ike rules into the commands that ipsecctl(8)
// writes to isakmpd's FIFO. Grammar and quirks: openbsd-ipsec.md §2.1.
//
// It does not do: flows but those of type bypass, esp, ah and tcpmd5 rules (manual keying), bundles; they are
// refused by name.
package ipsecconf

import "net/netip"

// Rule is one ike rule for one pair of selectors.
type Rule struct {
	Line      int
	Mode      string // active, passive, dynamic
	SAType    string // esp, ah, ipcomp, ipip
	Transport bool
	Proto     int
	From, To  Selector
	Peer      string // "" is the default peer
	Local     string
	Main      Transforms
	Quick     Transforms
	SrcID     string
	DstID     string
	PSK       string // "" is rsa
	Tag       string
	// Unit is N of the interface secN that the SAs are bound to; nil makes flows.
	Unit *uint32
}

// Selector is a host or network with an optional port.
type Selector struct {
	Prefix netip.Prefix
	// Net tells a network, or an IPv4 host written with /32, from a host: the ID types differ.
	Net    bool
	Port   int
	SrcNat *Selector
}

// Text is how names and identities write the selector.
func (s Selector) Text() string {
	if s.Net {
		return s.Prefix.String()
	}
	return s.Prefix.Addr().String()
}

// Transforms are the parameters of one phase; empty names are the defaults.
type Transforms struct {
	Auth, Enc, Group, Comp *Transform
	Lifetime               int // seconds, 0: default
	Aggressive             bool
}
