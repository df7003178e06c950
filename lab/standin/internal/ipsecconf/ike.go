package ipsecconf

import (
	"strconv"
	"strings"

	"standin/internal/lex"
)

// draft is an ike rule as written: the selectors are lists.
type draft struct {
	Rule
	from, to       []Selector
	ports, hasPeer bool
}

// ikeRule parses one rule; the returned function adds it once the end of the line is seen.
func (p *Parser) ikeRule() func() {
	start := p.lx.Next()
	d := draft{Rule: Rule{Line: start.Line, Mode: "active", SAType: "esp"}}
	for _, mode := range []string{"passive", "dynamic", "active"} {
		if p.accept(mode) {
			d.Mode = mode
			break
		}
	}
	if p.accept("interface") {
		p.onInterface(&d)
	} else {
		p.between(&d)
	}
	p.peers(&d)
	if p.accept("main") {
		d.Main = p.transforms(1)
	} else if p.accept("aggressive") {
		d.Main = p.transforms(1)
		d.Main.Aggressive = true
	}
	if p.accept("quick") {
		d.Quick = p.transforms(2)
	}
	if p.accept("srcid") {
		d.SrcID = p.text()
	}
	if p.accept("dstid") {
		d.DstID = p.text()
	}
	if p.accept("psk") {
		d.PSK = p.text()
	} else {
		p.accept("rsa")
	}
	if d.Unit == nil && p.accept("tag") {
		d.Tag = p.text()
	}
	return func() { p.expand(start, d) }
}

// between parses what the SAs are for: their kind, and the hosts of both ends.
func (p *Parser) between(d *draft) {
	for _, kind := range []string{"esp", "ah", "ipcomp", "ipip"} {
		if p.accept(kind) {
			d.SAType = kind
			break
		}
	}
	d.Transport = p.accept("transport")
	if !d.Transport {
		p.accept("tunnel")
	}
	if p.accept("proto") {
		d.Proto = p.protocol()
	}
	p.hosts(d)
}

func (p *Parser) protocol() int {
	t := p.lx.Peek()
	if t.Kind == lex.Number {
		p.lx.Next()
		number, _ := strconv.Atoi(t.Text)
		return number
	}
	name := p.text()
	number, known := etcNumber("/etc/protocols", name, "")
	if !known {
		p.fail(t, "unknown protocol: %s", name)
	}
	return number
}

// peers parses peer and local in either order, one address each.
func (p *Parser) peers(d *draft) {
	address := func() string {
		if p.accept("any") {
			return ""
		}
		t := p.lx.Peek()
		found := p.spec()
		if len(found) > 1 && found[0].Prefix.Addr().Is4() != found[1].Prefix.Addr().Is4() {
			found = found[:1]
		}
		if len(found) != 1 {
			p.fail(t, "multiple addresses specified")
		}
		return found[0].Prefix.Addr().String()
	}
	for i := 0; i < 2; i++ {
		switch {
		case !d.hasPeer && p.accept("peer"):
			d.hasPeer = true
			d.Peer = address()
		case d.Local == "" && p.accept("local"):
			d.Local = address()
		}
	}
}

// transforms parses auth, enc, group and comp in any order, each once, then the lifetime.
func (p *Parser) transforms(phase int) Transforms {
	var out Transforms
	for {
		var slot **Transform
		var list []Transform
		t := p.lx.Peek()
		switch {
		case t.Is("auth"):
			slot, list = &out.Auth, authTransforms
		case t.Is("enc"):
			slot, list = &out.Enc, encTransforms
		case t.Is("group"):
			slot, list = &out.Group, groupTransforms
		case t.Is("comp"):
			slot, list = &out.Comp, compTransforms
		default:
			if out.Enc != nil && out.Enc.Implicit && out.Auth != nil && phase == 2 {
				p.fail(t, "authentication is implicit for %s", out.Enc.Name)
			}
			if p.accept("lifetime") {
				out.Lifetime = p.lifetime()
			}
			return out
		}
		p.lx.Next()
		name := p.text()
		if *slot != nil {
			p.fail(t, "%s already set", t.Text)
		}
		if *slot = lookup(list, name); *slot == nil {
			p.fail(t, "%s not a valid transform", name)
		}
	}
}

func (p *Parser) lifetime() int {
	t := p.lx.Peek()
	text := t.Text
	if t.Kind == lex.Number {
		p.lx.Next()
	} else {
		text = p.text()
	}
	factor, digits := 1, text
	switch {
	case strings.HasSuffix(text, "m"):
		factor, digits = 60, text[:len(text)-1]
	case strings.HasSuffix(text, "h"):
		factor, digits = 3600, text[:len(text)-1]
	}
	number, err := strconv.Atoi(digits)
	if err != nil {
		panic(Fatal{"invalid time unit: " + text})
	}
	return number * factor
}

// expand adds a rule for each pair of selectors of one address family.
func (p *Parser) expand(at lex.Token, d draft) {
	if d.ports && d.Proto != 6 && d.Proto != 17 {
		p.fail(at, "no protocol supplied with source/destination ports")
	}
	added := false
	for _, from := range d.from {
		for _, to := range d.to {
			if from.Prefix.Addr().Is4() != to.Prefix.Addr().Is4() {
				continue
			}
			r := d.Rule
			r.From, r.To = from, to
			if !d.hasPeer && !to.Net {
				r.Peer = to.Text()
			}
			p.Rules = append(p.Rules, &r)
			added = true
		}
	}
	if !added {
		p.fail(at, "source/destination address families do not match")
	}
}
