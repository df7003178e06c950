package pf

import (
	"fmt"
	"strings"

	"standin/internal/netif"
)

// How a rule's conditions are said in nftables. A rule can need several nft rules (one per address
// family of a table, or for a negation of two conditions), so every part returns alternatives.

// point is where a packet is looked at: "in" (prerouting) or "out" (forward and output).
type point string

// linuxIface maps OpenBSD's interface names to Linux's.
func linuxIface(name string) string {
	if name == "lo0" {
		return "lo"
	}
	return name
}

// members resolves an interface or group name; an unknown one matches by its own name, like pf's, which
// waits for the interface to appear.
func (c *compiler) members(name string) []string {
	if names := c.machine.Members(name); len(names) > 0 {
		return names
	}
	return []string{name}
}

// ifaceMatches: traffic of a tunnel is seen on enc0 or on the tunnel's sec(4) interface, everything else on the
// real interface.
func (c *compiler) ifaceMatches(i Iface, at point) []string {
	if i.Name == "" {
		return []string{""}
	}
	key, clear, through := "iifname", clearIn, encIn
	if at == "out" {
		key, clear, through = "oifname", clearOut, encOut
	}
	var matches []string
	if i.Not {
		// Not on any of the members: one rule for the rest of the interfaces, one for enc0, and inbound one for
		// the rest of sec(4), where packets bear an SA.
		var others []string
		enc := false
		for _, name := range c.members(i.Name) {
			if isEnc(name) {
				enc = true
			} else {
				others = append(others, fmt.Sprintf("%q", linuxIface(name)))
			}
		}
		rest := ""
		if len(others) > 0 {
			rest = key + " != { " + strings.Join(others, ", ") + " } "
		}
		matches = append(matches, clear+" "+rest)
		if !enc {
			matches = append(matches, through+" ")
		}
		if at == "in" {
			matches = append(matches, `iifname "sec*" `+rest)
		}
		return matches
	}
	for _, name := range c.members(i.Name) {
		switch {
		case isEnc(name):
			matches = append(matches, through+" ")
		case at == "in" && netif.IsSec(name):
			matches = append(matches, fmt.Sprintf("%s %q ", key, name))
		default:
			matches = append(matches, fmt.Sprintf("%s %s %q ", clear, key, linuxIface(name)))
		}
	}
	return matches
}

func isEnc(name string) bool { return strings.HasPrefix(name, "enc") }

// hostMatches returns the conditions for one end; field is saddr or daddr, af limits the family.
func (c *compiler) hostMatches(h Host, field, af string) []string {
	not := ""
	if h.Not {
		not = "!= "
	}
	switch h.Kind {
	case HostAny:
		return []string{""}
	case HostAddr:
		return []string{fmt.Sprintf("%s %s %s%s ", nftFamily(prefixFamily(h.Prefix)), field, not, h.Prefix)}
	case HostURPF:
		return []string{"fib saddr . iif oif missing "}
	case HostNoRoute:
		return []string{"fib " + field + " oif missing "}
	}
	set := c.setOf(h)
	var matches []string
	for _, family := range []string{"inet", "inet6"} {
		if af != "" && af != family {
			continue
		}
		address := nftFamily(family) + " " + field
		in := fmt.Sprintf("%s %s@%s ", address, not, setName(set, family, false))
		switch {
		case !set.negated():
			matches = append(matches, in)
		case h.Not:
			matches = append(matches, in, fmt.Sprintf("%s @%s ", address, setName(set, family, true)))
		default:
			matches = append(matches, in+fmt.Sprintf("%s != @%s ", address, setName(set, family, true)))
		}
	}
	return matches
}

func nftFamily(af string) string {
	if af == "inet6" {
		return "ip6"
	}
	return "ip"
}

func portMatch(proto int, field string, p Port) string {
	name := map[int]string{protoTCP: "tcp", protoUDP: "udp"}[proto] + " " + field
	switch p.Op {
	case "":
		return ""
	case "=":
		return fmt.Sprintf("%s %d ", name, p.A)
	case ":":
		return fmt.Sprintf("%s %d-%d ", name, p.A, p.B)
	case "><":
		return fmt.Sprintf("%s > %d %s < %d ", name, p.A, name, p.B)
	case "<>":
		return fmt.Sprintf("%s != %d-%d ", name, p.A, p.B)
	}
	return fmt.Sprintf("%s %s %d ", name, p.Op, p.A)
}

// protoMatches: a rule that makes states takes only a TCP packet that opens a connection (flags S/SA),
// also when it names no protocol.
func (r *Rule) protoMatches() []string {
	flags := r.Flags
	if flags == "" && r.stateful() {
		flags = "S/SA"
	}
	tcp := "meta l4proto tcp " + flagMatch(flags)
	switch {
	case r.Proto == protoTCP:
		return []string{tcp}
	case r.Proto == 0 && r.stateful() && flags != "any":
		return []string{tcp, "meta l4proto != tcp "}
	case r.Proto == 0:
		return []string{""}
	}
	match := fmt.Sprintf("meta l4proto %d ", r.Proto)
	if r.ICMPType >= 0 {
		name := "icmp"
		if r.Proto == protoICMP6 {
			name = "icmpv6"
		}
		match += fmt.Sprintf("%s type %d ", name, r.ICMPType)
		if r.ICMPCode >= 0 {
			match += fmt.Sprintf("%s code %d ", name, r.ICMPCode)
		}
	}
	return []string{match}
}

var flagBits = map[rune]int{'F': 1, 'S': 2, 'R': 4, 'P': 8, 'A': 16, 'U': 32, 'E': 64, 'W': 128}

func flagMatch(flags string) string {
	slash := strings.IndexByte(flags, '/')
	if slash < 0 {
		return ""
	}
	sum := func(letters string) (bits int) {
		for _, l := range letters {
			bits |= flagBits[l]
		}
		return bits
	}
	return fmt.Sprintf("tcp flags & 0x%02x == 0x%02x ", sum(flags[slash+1:]), sum(flags[:slash]))
}

// matches returns every combination of a rule's conditions at a point.
func (c *compiler) matches(r *Rule, at point) []string {
	family := ""
	if r.AF != "" {
		family = map[string]string{"inet": "meta nfproto ipv4 ", "inet6": "meta nfproto ipv6 "}[r.AF]
	}
	ports := portMatch(r.Proto, "sport", r.FromPort) + portMatch(r.Proto, "dport", r.ToPort)
	tagged := ""
	if r.Tagged != "" {
		operator := "=="
		if r.NotTagged {
			operator = "!="
		}
		tagged = fmt.Sprintf("meta mark & 0x%x %s 0x%x ", tagMask, operator, c.tags.id(r.Tagged))
	}
	owner := ""
	if len(r.Users) > 0 {
		var ids []string
		for _, id := range r.Users {
			ids = append(ids, fmt.Sprint(id))
		}
		owner = "meta skuid { " + strings.Join(ids, ", ") + " } "
	}
	af := r.family()
	var out []string
	for _, iface := range c.ifaceMatches(r.Iface, at) {
		for _, proto := range r.protoMatches() {
			for _, from := range c.hostMatches(r.From, "saddr", af) {
				for _, to := range c.hostMatches(r.To, "daddr", af) {
					if strings.HasPrefix(from, "ip ") && strings.HasPrefix(to, "ip6 ") ||
						strings.HasPrefix(from, "ip6 ") && strings.HasPrefix(to, "ip ") {
						continue
					}
					out = append(out, iface+family+from+to+proto+ports+owner+tagged)
				}
			}
		}
	}
	return out
}
