package pf

import (
	"fmt"
	"net/netip"
	"strings"
)

// addressSet is a table, or the addresses of an interface that a rule names in parentheses.
type addressSet struct {
	Index   int
	Table   string // "" for an interface
	Iface   string
	Const   bool
	Persist bool
	Entries []Entry
}

// Tags numbers the names of tags; a number stays with its name over reloads, since states carry it.
type Tags struct {
	IDs map[string]int
}

func (t *Tags) id(name string) int {
	if t.IDs == nil {
		t.IDs = map[string]int{}
	}
	if t.IDs[name] == 0 {
		t.IDs[name] = len(t.IDs) + 1
	}
	return t.IDs[name]
}

// SATag says which decapsulated packets carry an SA's tag: those that came from the peer, and are from the
// remote to the local selector. Selectors of one peer hold those of another one.
type SATag struct {
	Peer, Remote, Local netip.Prefix
	Tag                 string
}

func (s *addressSet) negated() bool {
	for _, e := range s.Entries {
		if e.Not {
			return true
		}
	}
	return false
}

func setName(s *addressSet, family string, not bool) string {
	name := fmt.Sprintf("s%d_%s", s.Index, nftFamily(family))
	if not {
		name += "_not"
	}
	return name
}

// setOf finds the set of a host; a table that nobody defined exists and is empty.
func (c *compiler) setOf(h Host) *addressSet {
	for _, s := range c.sets {
		if h.Kind == HostTable && s.Table == h.Name || h.Kind != HostTable && s.Iface == h.Name {
			return s
		}
	}
	return &addressSet{}
}

// buildSets collects the sets a ruleset needs: its tables, tables only named in rules, tables that were
// made by hand before (persist), and the dynamic interfaces.
func buildSets(config *Config, kept []*addressSet) []*addressSet {
	var sets []*addressSet
	have := map[string]bool{}
	add := func(s *addressSet) {
		key := "table " + s.Table
		if s.Table == "" {
			key = "iface " + s.Iface
		}
		if !have[key] {
			have[key] = true
			s.Index = len(sets)
			sets = append(sets, s)
		}
	}
	for _, t := range config.Tables {
		add(&addressSet{Table: t.Name, Const: t.Const, Persist: t.Persist, Entries: t.Entries})
	}
	for _, s := range kept {
		if s.Table != "" && s.Persist {
			copied := *s
			add(&copied)
		}
	}
	for _, r := range config.Rules {
		hosts := []Host{r.From, r.To}
		for _, h := range hosts {
			switch h.Kind {
			case HostTable:
				add(&addressSet{Table: h.Name})
			case HostDynamic, HostSelf:
				add(&addressSet{Iface: h.Name})
			}
		}
	}
	return sets
}

// addresses returns what an interface set holds now; "name:network" holds the attached networks.
func (s *addressSet) addresses(lookup func(string) []string) []Entry {
	name, network := s.Iface, false
	if colon := strings.IndexByte(name, ':'); colon >= 0 {
		network = name[colon+1:] == "network"
		name = name[:colon]
	}
	var entries []Entry
	for _, a := range lookup(name) {
		prefix, err := netip.ParsePrefix(a)
		if err != nil {
			continue
		}
		if network {
			prefix = prefix.Masked()
		} else {
			prefix = netip.PrefixFrom(prefix.Addr(), prefix.Addr().BitLen())
		}
		entries = append(entries, Entry{Prefix: prefix})
	}
	return entries
}

func (c *compiler) addressSet(s *addressSet) {
	for _, family := range []string{"inet", "inet6"} {
		for _, not := range []bool{false, true} {
			c.line(" set %s {\n  type %s; flags interval; auto-merge", setName(s, family, not),
				map[string]string{"inet": "ipv4_addr", "inet6": "ipv6_addr"}[family])
			if elements := s.elements(family, not); elements != "" {
				c.line("  elements = { %s }", elements)
			}
			c.line(" }")
		}
	}
}

func (s *addressSet) elements(family string, not bool) string {
	var out []string
	for _, e := range s.Entries {
		if e.Not == not && prefixFamily(e.Prefix) == family {
			out = append(out, e.Prefix.Masked().String())
		}
	}
	return strings.Join(out, ", ")
}

func (c *compiler) saTagMap(tags []SATag) {
	known := map[int]bool{}
	for _, t := range tags {
		if id := c.tags.id(t.Tag); !known[id] {
			known[id] = true
			c.line(" chain satag_%d {\n  meta mark set 0x%x\n }", id, id)
		}
	}
	for _, m := range saTagMaps {
		c.line(" map %s {\n  type %s_addr . %s_addr . %s_addr : verdict; flags interval", m.name, m.outer, m.inner, m.inner)
		if elements := saTagElements(tags, c.tags, m); elements != "" {
			c.line("  elements = { %s }", elements)
		}
		c.line(" }")
	}
}

// saTagMaps: one for each family of the peers and of the networks.
var saTagMaps = []struct{ name, outer, inner string }{
	{"satags", "ipv4", "ipv4"}, {"satags_6in4", "ipv4", "ipv6"}, {"satags_4in6", "ipv6", "ipv4"}, {"satags_6in6", "ipv6", "ipv6"},
}

var nftName = map[string]string{"ipv4": "ip", "ipv6": "ip6"}

func familyName(prefix netip.Prefix) string {
	if prefix.Addr().Is4() {
		return "ipv4"
	}
	return "ipv6"
}

func saTagElements(tags []SATag, ids *Tags, m struct{ name, outer, inner string }) string {
	seen := map[string]bool{}
	var out []string
	for _, t := range tags {
		selector := fmt.Sprintf("%s . %s . %s", t.Peer.Masked(), t.Remote.Masked(), t.Local.Masked())
		if !seen[selector] && familyName(t.Peer) == m.outer && familyName(t.Remote) == m.inner && familyName(t.Local) == m.inner {
			seen[selector] = true
			out = append(out, fmt.Sprintf("%s : jump satag_%d", selector, ids.id(t.Tag)))
		}
	}
	return strings.Join(out, ", ")
}
