package pf

import (
	"fmt"
	"sort"
	"strings"

	"standin/internal/lazy"
)

// The compiler keeps pf's own evaluation: every rule is looked at in order, the last one that matches is
// remembered in the packet's mark, "quick" ends the walk, and a verdict chain acts on what is remembered.
//
// Packet mark: bits 0-12 tag, 14 the tag was set in this evaluation, 16-19 what the last match decided.
// Connection mark: bits 0-5 the states, 6-18 the tag of the state made inbound, 19-31 outbound.
// A state made by a packet "in" on an interface lets the original direction in and its replies out of
// that interface, and nothing else; a floating state does so on every interface, enc0 included.
const (
	tagMask  = 0x1fff
	tagFresh = 0x4000

	decidePassBound    = 0x10000
	decidePassFloating = 0x20000
	decidePassNoState  = 0x30000
	decideDrop         = 0x40000
	decideReturn       = 0x50000
	decideMask         = 0xf0000

	stateInReal  = 0x1
	stateOutReal = 0x2
	stateInEnc   = 0x4
	stateOutEnc  = 0x8
	stateInSec   = 0x10
	stateOutSec  = 0x20
	stateIn      = stateInReal | stateInEnc | stateInSec
	stateOut     = stateOutReal | stateOutEnc | stateOutSec

	inTagShift  = 6
	outTagShift = 19
)

// Machine is what the compiler has to know of the interfaces.
type Machine struct {
	Members func(name string) []string
}

type compiler struct {
	config  *Config
	machine Machine
	tags    *Tags
	sets    []*addressSet
	out     strings.Builder
}

func (c *compiler) line(format string, args ...interface{}) {
	fmt.Fprintf(&c.out, format+"\n", args...)
}

// Compile returns the nft script that replaces the whole ruleset.
func Compile(config *Config, machine Machine, tags *Tags, sets []*addressSet, saTags []SATag) string {
	c := &compiler{config: config, machine: machine, tags: tags, sets: sets}
	c.line("table inet pf { }\ndelete table inet pf\ntable inet pf {")
	for _, set := range c.sets {
		c.addressSet(set)
	}
	c.saTagMap(saTags)
	c.chains()
	c.line("}")
	return c.out.String()
}

func (c *compiler) chains() {
	for _, at := range []point{"in", "out"} {
		c.scrubChain(at)
		c.ruleChain(at)
		c.verdictChain(at)
	}
	c.stateChains()
	c.natChains()
	c.translatedChain()
	// What comes out of a tunnel carries the tag of its SA, by which the packet came: before its translation.
	c.line(" chain arrival {\n  type filter hook prerouting priority -150; policy accept;")
	c.line("  meta mark set 0")
	for _, m := range saTagMaps {
		outer, inner := nftName[m.outer], nftName[m.inner]
		c.line("  iifname != \"sec*\" ipsec in %s saddr . %s saddr . %s daddr vmap @%s", outer, inner, inner, m.name)
	}
	c.line(" }")
	c.line(" chain prerouting {\n  type filter hook prerouting priority 0; policy accept;")
	c.skips("in")
	c.line("  jump scrub_in")
	c.stateLookup("in")
	c.line("  goto rules_in\n }")
	c.line(" chain pass_out {")
	c.line("  jump scrub_out")
	c.line("  meta mark set meta mark & 0x%x", tagMask)
	c.stateLookup("out")
	c.line("  goto rules_out\n }")
	c.line(" chain forward {\n  type filter hook forward priority 0; policy accept;")
	c.skips("out")
	c.line("  goto pass_out\n }")
	c.line(" chain output {\n  type filter hook output priority 0; policy accept;")
	c.skips("out")
	// The copies for whoever looks at enc0.
	c.line("  oifname \"enc0\" accept")
	// What pf itself answers (return, ICMP errors) is not filtered again.
	c.line("  ct state related accept")
	c.line("  goto pass_out\n }")
}

// skips are the interfaces of "set skip on".
func (c *compiler) skips(at point) {
	for _, name := range c.config.Skip {
		for _, match := range c.ifaceMatches(Iface{Name: name}, at) {
			c.line("  %saccept", match)
		}
	}
}

// stateLookup accepts what belongs to a state before any rule is looked at: the original direction by
// the states made at this point, replies by those made at the other one.
func (c *compiler) stateLookup(at point) {
	other := point("out")
	if at == "out" {
		other = "in"
	}
	for _, kind := range kinds(at) {
		c.line("  %s ct direction original ct mark & 0x%x == 0x%x goto state_%s", kind.match, kind.made, kind.made, at)
		c.line("  %s ct direction reply ct mark & 0x%x == 0x%x goto state_%s", kind.match, kind.answered, kind.answered, other)
	}
}

// stateChains give a packet the tag of the state that lets it through.
func (c *compiler) stateChains() {
	c.line(" chain state_in {\n  ct mark & 0x%x != 0 meta mark set ct mark >> %d & 0x%x\n  accept\n }", tagMask<<inTagShift, inTagShift, tagMask)
	c.line(" chain state_out {\n  ct mark & 0x%x != 0 meta mark set ct mark >> %d\n  accept\n }", tagMask<<outTagShift, outTagShift)
}

func (c *compiler) ruleChain(at point) {
	c.line(" chain rules_%s {", at)
	for _, r := range c.config.Rules {
		if r.Action == "anchor" || r.Dir != "" && r.Dir != string(at) || len(r.Users) > 0 && at == "in" {
			continue
		}
		effect := c.effect(r, at)
		if effect == "" {
			continue
		}
		c.line("  # %s", r)
		for _, match := range c.matches(r, at) {
			c.line("  %s%s", r.beforeRedirect(match), effect)
		}
	}
	c.line("  goto verdict_%s\n }", at)
}

var (
	daddr = lazy.Regexp(`\b(ip6?) daddr `)
	dport = lazy.Regexp(`\b(?:tcp|udp) dport `)
)

// beforeRedirect: a rule with rdr-to is matched by the packet as it came; Linux has translated it by then.
func (r *Rule) beforeRedirect(match string) string {
	if r.RdrTo == nil {
		return match
	}
	match = daddr().ReplaceAllString(match, "ct original $1 daddr ")
	return "ct status dnat " + dport().ReplaceAllString(match, "ct original proto-dst ")
}

// effect is what a matching rule does to the mark and to the walk.
func (c *compiler) effect(r *Rule, at point) string {
	keep, set := uint32(0xffffffff), uint32(0)
	if r.Tag != "" {
		keep &^= tagMask | tagFresh
		set |= uint32(c.tags.id(r.Tag)) | tagFresh
	}
	if decision := r.decision(); decision != 0 {
		keep &^= decideMask
		set |= decision
	}
	var parts []string
	if set != 0 {
		parts = append(parts, fmt.Sprintf("meta mark set meta mark & 0x%08x | 0x%08x", keep, set))
	}
	if r.Quick {
		parts = append(parts, "goto verdict_"+string(at))
	}
	return strings.Join(parts, " ")
}

func (r *Rule) decision() uint32 {
	switch {
	case r.Action == "match":
		return 0
	case r.Action == "block" && r.Block == "return":
		return decideReturn
	case r.Action == "block":
		return decideDrop
	case r.NoState:
		return decidePassNoState
	case r.IfBound:
		return decidePassBound
	}
	return decidePassFloating
}

// verdictChain acts on the last match; nothing matched means pass without a state, as in pf.
func (c *compiler) verdictChain(at point) {
	original, reply := stateIn, stateOut
	originalShift, replyShift := inTagShift, outTagShift
	if at == "out" {
		original, reply = reply, original
		originalShift, replyShift = replyShift, originalShift
	}
	c.line(" chain tag_%s {", at)
	for _, id := range c.assignedTags() {
		for _, dir := range []struct {
			name  string
			shift int
		}{{"original", originalShift}, {"reply", replyShift}} {
			c.line("  ct direction %s meta mark & 0x%x == 0x%x ct mark set ct mark & 0x%08x | 0x%08x", dir.name,
				tagMask|tagFresh, id|tagFresh, ^uint32(tagMask<<dir.shift), id<<dir.shift)
		}
	}
	c.line(" }")
	c.line(" chain bound_%s {\n  jump tag_%s", at, at)
	for _, kind := range kinds(at) {
		c.line("  %s ct direction original ct mark set ct mark | 0x%x", kind.match, kind.made)
		c.line("  %s ct direction reply ct mark set ct mark | 0x%x", kind.match, kind.answered)
	}
	c.line("  goto done_%s\n }", at)
	c.line(" chain floating_%s {\n  jump tag_%s", at, at)
	c.line("  ct direction original ct mark set ct mark | 0x%x", original)
	c.line("  ct direction reply ct mark set ct mark | 0x%x", reply)
	c.line("  goto done_%s\n }", at)
	c.line(" chain done_%s {\n  meta mark set meta mark & 0x%x\n  accept\n }", at, tagMask)
	c.line(" chain return_%s {\n  meta l4proto tcp reject with tcp reset\n  meta l4proto != tcp reject with icmpx type port-unreachable\n }", at)
	c.line(" chain verdict_%s {", at)
	c.line("  meta mark & 0x%x vmap { 0x%x : goto bound_%s, 0x%x : goto floating_%s, 0x%x : goto done_%s, 0x%x : drop, 0x%x : goto return_%s }",
		decideMask, decidePassBound, at, decidePassFloating, at, decidePassNoState, at, decideDrop, decideReturn, at)
	c.line("  goto done_%s\n }", at)
}

func (c *compiler) assignedTags() []int {
	seen := map[int]bool{}
	for _, r := range c.config.Rules {
		if r.Tag != "" {
			seen[c.tags.id(r.Tag)] = true
		}
	}
	var ids []int
	for id := range seen {
		ids = append(ids, id)
	}
	sort.Ints(ids)
	return ids
}

// scrubChain clamps the MSS in both directions of a connection, also of packets that have a state.
func (c *compiler) scrubChain(at point) {
	c.line(" chain scrub_%s {", at)
	for _, r := range c.config.Rules {
		if r.MaxMSS == 0 || r.Dir != "" && r.Dir != string(at) {
			continue
		}
		plain := *r
		plain.NoState = true
		for _, match := range c.matches(&plain, at) {
			if r.Proto == 0 {
				match += "meta l4proto tcp "
			}
			c.line("  %stcp flags & 0x02 == 0x02 tcp option maxseg size > %d tcp option maxseg size set %d", match, r.MaxMSS, r.MaxMSS)
		}
	}
	c.line(" }")
}

// withProxyPorts has pf choose the source port, as it does for TCP and UDP without static-port.
func withProxyPorts(action, address string) string {
	if address == "" {
		return action + " to :50001-65535"
	}
	if strings.Contains(address, ":") {
		address = "[" + address + "]"
	}
	return action + address + ":50001-65535"
}

// hostByHost gives each host of a network the one of the other network that has the same host part.
func hostByHost(action, field string, from, to Host) string {
	family := nftFamily(prefixFamily(to.Prefix))
	return fmt.Sprintf("%s %s prefix to %s %s map { %s : %s }", action, family, family, field, from.Prefix.Masked(), to.Prefix.Masked())
}

// translatedChain lets nothing out in clear that was translated on enc0. In OpenBSD a flow has taken such a packet
// before its translation; Linux looks for a policy once more after it, and may find none.
func (c *compiler) translatedChain() {
	c.line(" chain translated {\n  type filter hook postrouting priority srcnat + 10; policy accept;")
	for _, r := range c.config.Rules {
		if r.NatTo == nil || r.NatTo.Kind != HostAddr || r.To.Kind != HostAddr || !isEnc(r.Iface.Name) {
			continue
		}
		family := nftFamily(prefixFamily(r.NatTo.Prefix))
		c.line("  %s %s saddr %s %s daddr %s drop", clearOut, family, r.NatTo.Prefix.Masked(), family, r.To.Prefix.Masked())
	}
	c.line(" }")
}

// natChains translate; unlike pf's, the filter rules after a translation still see the old source.
func (c *compiler) natChains() {
	c.line(" chain nat_out {\n  type nat hook postrouting priority srcnat; policy accept;")
	for _, r := range c.config.Rules {
		if r.NatTo == nil {
			continue
		}
		action, address := "masquerade", ""
		if r.NatTo.Kind == HostAddr {
			action, address = "snat "+nftFamily(prefixFamily(r.NatTo.Prefix))+" to ", r.NatTo.Prefix.Addr().String()
			if r.Bitmask {
				action, address = hostByHost("snat", "saddr", r.From, *r.NatTo), ""
			}
		}
		plain := *r
		plain.NoState = true
		for _, match := range c.matches(&plain, "out") {
			if !r.StaticPort && !r.Bitmask {
				c.line("  %smeta l4proto { tcp, udp } %s", match, withProxyPorts(action, address))
			}
			c.line("  %s%s%s", match, action, address)
		}
	}
	c.line(" }\n chain nat_in {\n  type nat hook prerouting priority dstnat; policy accept;")
	for _, r := range c.config.Rules {
		if r.RdrTo == nil || r.RdrTo.Kind != HostAddr {
			continue
		}
		target := r.RdrTo.Prefix.Addr().String()
		if r.RdrPort > 0 {
			target += fmt.Sprintf(":%d", r.RdrPort)
		}
		plain := *r
		plain.NoState = true
		action := fmt.Sprintf("dnat %s to %s", nftFamily(prefixFamily(r.RdrTo.Prefix)), target)
		if r.Bitmask {
			action = hostByHost("dnat", "daddr", r.To, *r.RdrTo)
		}
		for _, match := range c.matches(&plain, "in") {
			c.line("  %s%s", match, action)
		}
	}
	c.line(" }")
}
