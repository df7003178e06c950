package ipsecctl

import (
	"net/netip"
	"strings"

	"standin/internal/ikedconf"
	"standin/internal/isakmpd"
	"standin/internal/netif"
	"standin/internal/xfrm"
)

// known is what the daemons' configurations say about identities: OpenBSD's kernel keeps them with the
// SA, Linux's does not.
type known struct {
	entries []entry
	// own are this machine's addresses: asked for once and not before, as it takes a process.
	own map[string]bool
}

type entry struct {
	remote, local string // selectors
	peer          string
	ids           xfrm.IDs
}

func identities() known {
	var all []entry
	for _, p := range ikedconf.Read("/etc/iked.conf") {
		ids := xfrm.IDs{Src: typed(p.SrcID), Dst: typed(p.DstID)}
		for _, pair := range p.Pairs {
			inner := ""
			if pair.Inner.IsValid() {
				inner = pair.Inner.String()
			}
			all = append(all, entry{pair.Remote.String(), behind(pair.Local.String(), inner), p.Peer, ids})
		}
	}
	for _, c := range isakmpd.Connections() {
		all = append(all, entry{c.Remote, behind(c.Local, c.Inner), c.Peer, xfrm.IDs{Src: bare(c.SrcID), Dst: bare(c.DstID)}})
	}
	return known{entries: all}
}

// behind is our network in a flow: the one before its translation, where there is one.
func behind(local, inner string) string {
	if inner != "" {
		return inner
	}
	return local
}

func ownAddresses() map[string]bool {
	own := map[string]bool{}
	for _, address := range netif.Take().Addresses("self") {
		own[strings.SplitN(address, "/", 2)[0]] = true
	}
	return own
}

// typed is iked's form of an identity: TYPE/value.
func typed(id string) string {
	if id == "" {
		return ""
	}
	if addr, err := netip.ParseAddr(id); err == nil {
		if addr.Is4() {
			return "IPV4/" + id
		}
		return "IPV6/" + id
	}
	switch {
	case strings.HasPrefix(id, "/"):
		return "ASN1_DN/" + id
	case strings.Contains(id, "@"):
		return "UFQDN/" + id
	}
	return "FQDN/" + id
}

// bare is isakmpd's form: addresses with their length, names as they are.
func bare(id string) string {
	if addr, err := netip.ParseAddr(id); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()).String()
	}
	return id
}

func (k known) flow(f xfrm.Flow) xfrm.IDs {
	remote, local := f.Dst, f.Src
	if f.Dir == "in" {
		remote, local = local, remote
	}
	for _, e := range k.entries {
		if e.remote == remote && e.local == local && (e.peer == "" || e.peer == f.Peer()) {
			return e.ids
		}
	}
	return xfrm.IDs{}
}

// sa returns the identities of an SA's two ends in its own direction, and whether it is an outgoing one.
func (k *known) sa(s xfrm.SA) (xfrm.IDs, bool) {
	if k.own == nil {
		k.own = ownAddresses()
	}
	outbound := k.own[s.Src]
	for _, e := range k.entries {
		if outbound && e.peer == s.Dst {
			return e.ids, true
		}
		if !outbound && e.peer == s.Src {
			return xfrm.IDs{Src: e.ids.Dst, Dst: e.ids.Src}, false
		}
	}
	return xfrm.IDs{}, outbound
}
