package pf

import (
	"net/netip"

	"standin/internal/ikedconf"
	"standin/internal/isakmpd"
	"standin/internal/run"
	"standin/internal/xfrm"
)

// SATags lists the tags of tunnels by their peers and selectors. In OpenBSD the SA itself carries the tag; here
// the configuration of the daemons says which of them belong to which tag. After a change of the daemon
// iked's file may still name the same selectors, but only an iked that runs has SAs.
func SATags() []SATag {
	var tags []SATag
	for _, p := range ikedPolicies() {
		for _, pair := range p.Pairs {
			if p.Tag != "" {
				tags = append(tags, SATag{Peer: peerPrefix(p.Peer), Remote: pair.Remote, Local: pair.Local, Tag: p.Tag})
			}
		}
	}
	for _, c := range isakmpd.Connections() {
		remote, err1 := netip.ParsePrefix(c.Remote)
		local, err2 := netip.ParsePrefix(c.Local)
		if c.Tag != "" && err1 == nil && err2 == nil {
			tags = append(tags, SATag{Peer: peerPrefix(c.Peer), Remote: remote, Local: local, Tag: c.Tag})
		}
	}
	return tags
}

// peerPrefix is everything of IPv4 for a peer that may have any address.
func peerPrefix(address string) netip.Prefix {
	peer, err := netip.ParseAddr(address)
	if err != nil {
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	}
	return netip.PrefixFrom(peer, peer.BitLen())
}

func ikedPolicies() []ikedconf.Policy {
	if !run.Runs("/sbin/iked") {
		return nil
	}
	return ikedconf.Read("/etc/iked.conf")
}

// innerFlows are the tunnels whose packets pf translates.
func innerFlows() []xfrm.Inner {
	var flows []xfrm.Inner
	for _, p := range ikedPolicies() {
		for _, pair := range p.Pairs {
			if pair.Inner.IsValid() && p.Local != "" && p.Peer != "" {
				flows = append(flows, xfrm.Inner{Src: pair.Inner.String(), Shown: pair.Local.String(), Dst: pair.Remote.String(), TunnelSrc: p.Local, TunnelDst: p.Peer})
			}
		}
	}
	for _, c := range isakmpd.Connections() {
		if c.Inner != "" && c.LocalAddress != "" && c.Peer != "" {
			flows = append(flows, xfrm.Inner{Src: c.Inner, Shown: c.Local, Dst: c.Remote, TunnelSrc: c.LocalAddress, TunnelDst: c.Peer, ReqID: c.ReqID()})
		}
	}
	return flows
}
