package pf

import (
	"net/netip"

	"standin/internal/ikedconf"
	"standin/internal/isakmpd"
)

// SATags lists the tags of tunnels by their selectors. In OpenBSD the SA itself carries the tag; here
// the configuration of the daemons says which selectors belong to which tag.
func SATags() []SATag {
	var tags []SATag
	for _, p := range ikedconf.Read("/etc/iked.conf") {
		for _, pair := range p.Pairs {
			if p.Tag != "" {
				tags = append(tags, SATag{Remote: pair.Remote, Local: pair.Local, Tag: p.Tag})
			}
		}
	}
	for _, c := range isakmpd.Connections() {
		remote, err1 := netip.ParsePrefix(c.Remote)
		local, err2 := netip.ParsePrefix(c.Local)
		if c.Tag != "" && err1 == nil && err2 == nil {
			tags = append(tags, SATag{Remote: remote, Local: local, Tag: c.Tag})
		}
	}
	return tags
}
