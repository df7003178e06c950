package pf

import (
	"os/user"
	"strconv"

	"standin/internal/lex"
)

// draft is a rule as written, with its lists.
type draft struct {
	Rule
	ifaces    []Iface
	protos    []int
	from, to  []Host
	fromPorts []Port
	toPorts   []Port
	icmp      []icmp
	icmp6     bool
}

type icmp struct{ kind, code int }

func (p *parser) rule() {
	first := p.lx.Next()
	d := draft{Rule: Rule{Line: first.Line, Action: first.Text, IfBound: p.config.IfBound}}
	if d.Action == "block" {
		d.Block = p.config.BlockPolicy
		p.blockSpec(&d)
	}
	p.head(&d)
	p.fromTo(&d)
	p.filterOptions(&d)
	p.expand(d)
}

func (p *parser) blockSpec(d *draft) {
	switch {
	case p.accept("drop"):
		d.Block = "drop"
	case p.accept("return"):
		d.Block = "return"
	case p.accept("return-rst"), p.accept("return-icmp"), p.accept("return-icmp6"):
		d.Block = "return"
		if p.accept("(") {
			for !p.accept(")") {
				if t := p.lx.Peek(); t.Kind == lex.Newline || t.Kind == lex.EOF {
					p.syntaxError(t)
				}
				p.lx.Next()
			}
		}
	}
}

// head parses direction, log, quick, interface, family and protocol, in the only order allowed.
func (p *parser) head(d *draft) {
	switch {
	case p.accept("in"):
		d.Dir = "in"
	case p.accept("out"):
		d.Dir = "out"
	}
	for i := 0; i < 2; i++ {
		if !d.Log && p.accept("log") {
			d.Log = true
			p.logOptions()
		} else if !d.Quick && p.accept("quick") {
			d.Quick = true
		}
	}
	if p.accept("on") {
		if p.lx.Peek().Is("rdomain") {
			p.fail(p.lx.Peek(), "on rdomain: not in this stand-in")
		}
		p.list(func() {
			not := p.accept("!")
			if p.accept("any") {
				d.ifaces = append(d.ifaces, Iface{})
				return
			}
			d.ifaces = append(d.ifaces, Iface{Not: not, Name: p.value()})
		})
	}
	switch {
	case p.accept("inet"):
		d.AF = "inet"
	case p.accept("inet6"):
		d.AF = "inet6"
	}
	if p.accept("proto") {
		p.list(func() { d.protos = append(d.protos, p.protocol()) })
	}
}

func (p *parser) logOptions() {
	if !p.accept("(") {
		return
	}
	for {
		if p.accept("to") {
			p.value()
		} else if !p.accept("all") && !p.accept("matches") && !p.accept("user") {
			p.syntaxError(p.lx.Peek())
		}
		if p.accept(")") {
			return
		}
		p.expect(",")
	}
}

func (p *parser) protocol() int {
	t := p.lx.Peek()
	if t.Kind == lex.Number {
		p.lx.Next()
		number, _ := strconv.Atoi(t.Text)
		if number < 0 || number > 255 {
			p.fail(t, "protocol outside range")
		}
		return number
	}
	name := p.value()
	number, known := protocolNumber(name)
	if !known {
		p.fail(t, "unknown protocol %s", name)
	}
	return number
}

// filterOptions parses what follows the addresses, in any order.
func (p *parser) filterOptions(d *draft) {
	d.ICMPType, d.ICMPCode = -1, -1
	for {
		t := p.lx.Peek()
		if t.Kind == lex.Newline || t.Kind == lex.EOF {
			return
		}
		if t.Kind != lex.Word && !t.Is("!") {
			p.syntaxError(t)
		}
		p.lx.Next()
		switch t.Text {
		case "flags":
			d.Flags = p.flags()
		case "icmp-type", "icmp6-type":
			d.icmp6 = t.Text == "icmp6-type"
			p.list(func() { d.icmp = append(d.icmp, p.icmpItem(d.icmp6)) })
		case "no":
			p.expect("state")
			d.NoState = true
		case "keep", "modulate", "synproxy":
			p.expect("state")
			d.StateText = t.Text + " state"
			p.stateOptions(d)
		case "scrub":
			p.scrub(d)
		case "tag":
			d.Tag = p.tagName()
		case "tagged":
			d.Tagged = p.tagName()
		case "!":
			if p.accept("received-on") {
				// Whose packets carp's are; those that are forwarded pass such a rule here too.
				p.expect("any")
				d.OwnOnly = true
				break
			}
			p.expect("tagged")
			d.Tagged, d.NotTagged = p.tagName(), true
		case "label":
			d.Label = p.value()
		case "nat-to", "rdr-to":
			p.translation(d, t.Text)
		case "user":
			p.list(func() { d.Users = append(d.Users, p.user()) })
		case "allow-opts", "once":
		case "fragment", "queue", "probability", "rtable", "prio", "tos", "set", "route-to", "reply-to", "dup-to",
			"divert-to", "divert-reply", "divert-packet", "binat-to", "af-to", "received-on", "max-pkt-rate", "group":
			p.fail(t, "%s: not in this stand-in", t.Text)
		default:
			p.fail(t, "syntax error")
		}
	}
}

func (p *parser) tagName() string {
	t := p.lx.Peek()
	name := p.value()
	if len(name) > 63 {
		p.fail(t, "tag too long, max 63 chars")
	}
	return name
}

func (p *parser) flags() string {
	if p.accept("any") {
		return "any"
	}
	text := ""
	if !p.lx.Peek().Is("/") {
		text = p.value()
	}
	p.expect("/")
	return text + "/" + p.value()
}

func (p *parser) number(low, high int) int {
	t := p.lx.Peek()
	number, err := strconv.Atoi(t.Text)
	if t.Kind != lex.Number || err != nil {
		p.syntaxError(t)
	}
	if number < low || number > high {
		p.fail(t, "illegal value %d", number)
	}
	p.lx.Next()
	return number
}

// user parses the owner of a local socket: a name or a number.
func (p *parser) user() int {
	t := p.lx.Peek()
	if t.Kind == lex.Number {
		return p.number(0, 1<<31-1)
	}
	if t.Kind == lex.Punct {
		p.fail(t, "user %s: not in this stand-in", t.Text)
	}
	name := p.value()
	owner, err := user.Lookup(name)
	if err != nil {
		p.fail(t, "unknown user %s", name)
	}
	id, _ := strconv.Atoi(owner.Uid)
	return id
}

// translation parses nat-to and rdr-to for one address, or for a network with bitmask; other pools are not here.
func (p *parser) translation(d *draft, what string) {
	t := p.lx.Peek()
	hosts := p.host(false)
	if len(hosts) != 1 || hosts[0].Not || hosts[0].Kind == HostTable || hosts[0].Kind == HostAny {
		p.fail(t, "%s: only one address or (interface) is in this stand-in", what)
	}
	bitmask := p.accept("bitmask")
	if !bitmask && hosts[0].Kind == HostAddr && !hosts[0].Prefix.IsSingleIP() {
		p.fail(t, "%s: a network needs bitmask in this stand-in", what)
	}
	if bitmask && hosts[0].Kind != HostAddr {
		p.fail(t, "%s: bitmask needs a network in this stand-in", what)
	}
	d.Bitmask = bitmask
	if what == "rdr-to" {
		d.RdrTo = &hosts[0]
		if p.accept("port") {
			port := p.portItem()
			d.RdrPort = port.A
		}
		return
	}
	d.NatTo = &hosts[0]
	if p.accept("port") {
		p.portItem()
	}
	for {
		switch {
		case p.accept("static-port"):
			d.StaticPort = true
		case p.accept("round-robin") || p.accept("sticky-address"):
		default:
			return
		}
	}
}
