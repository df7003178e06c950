package ipsecconf

import (
	"bufio"
	"net/netip"
	"os"
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
		p.fail(start, "interface %s: not in this stand-in", p.text())
	}
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
	p.hosts(&d)
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
	if p.accept("tag") {
		d.Tag = p.text()
	}
	return func() { p.expand(start, d) }
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

// hosts parses from … to … in either order.
func (p *Parser) hosts(d *draft) {
	end := func(keyword string, into *[]Selector) {
		p.expect(keyword)
		*into = p.hostList(keyword == "from")
		if p.accept("port") {
			d.ports = true
			port := p.port(d.Proto)
			for i := range *into {
				(*into)[i].Port = port
			}
		}
	}
	if p.lx.Peek().Is("to") {
		end("to", &d.to)
		end("from", &d.from)
		return
	}
	end("from", &d.from)
	end("to", &d.to)
}

func (p *Parser) hostList(source bool) []Selector {
	if !p.accept("{") {
		return p.host(source)
	}
	p.skipNewlines()
	var all []Selector
	for {
		all = append(all, p.host(source)...)
		p.accept(",")
		p.skipNewlines()
		if p.accept("}") {
			return all
		}
	}
}

func (p *Parser) skipNewlines() {
	for p.lx.Peek().Kind == lex.Newline {
		p.lx.Next()
	}
}

func (p *Parser) host(source bool) []Selector {
	if p.accept("any") {
		return []Selector{{Prefix: netip.MustParsePrefix("0.0.0.0/0"), Net: true}, {Prefix: netip.MustParsePrefix("::/0"), Net: true}}
	}
	hosts := p.spec()
	if p.accept("(") {
		t := p.lx.Peek()
		nat := p.spec()
		p.expect(")")
		if source && len(nat) == 1 {
			for i := range hosts {
				if hosts[i].Prefix.Addr().Is4() != nat[0].Prefix.Addr().Is4() {
					p.fail(t, "Flow NAT address family mismatch")
				}
				hosts[i].SrcNat = &nat[0]
			}
		}
	}
	return hosts
}

// spec parses an address, network, interface or host name.
func (p *Parser) spec() []Selector {
	t := p.lx.Peek()
	name, length := p.text(), ""
	if p.accept("/") {
		number := p.lx.Peek()
		if number.Kind != lex.Number {
			p.syntaxError()
		}
		length = p.lx.Next().Text
	}
	var addresses []netip.Addr
	if addr, err := netip.ParseAddr(name); err == nil {
		addresses = []netip.Addr{addr}
	} else {
		for _, a := range p.Addresses(name) {
			if prefix, err := netip.ParsePrefix(a); err == nil && !prefix.Addr().IsLinkLocalUnicast() {
				addresses = append(addresses, prefix.Addr())
			}
		}
		if addresses == nil && strings.Trim(name, "0123456789.") != "" {
			found, _ := p.Lookup(name)
			for _, a := range found {
				if addr, err := netip.ParseAddr(a); err == nil {
					addresses = append(addresses, addr)
				}
			}
		}
	}
	if addresses == nil {
		p.errorAt(t.Line, "no IP address found for "+name)
		p.fail(t, "could not parse host specification")
	}
	var out []Selector
	for _, addr := range addresses {
		s := Selector{Prefix: netip.PrefixFrom(addr, addr.BitLen())}
		if length != "" {
			bits, _ := strconv.Atoi(length)
			if bits > addr.BitLen() {
				p.fail(t, "could not parse host specification")
			}
			s.Prefix, s.Net = netip.PrefixFrom(addr, bits).Masked(), true
		}
		out = append(out, s)
	}
	return out
}

func (p *Parser) port(proto int) int {
	t := p.lx.Peek()
	if t.Kind == lex.Number {
		p.lx.Next()
		number, _ := strconv.Atoi(t.Text)
		if number > 65535 {
			p.fail(t, "port: invalid value %s", t.Text)
		}
		return number
	}
	name := p.text()
	number, known := etcNumber("/etc/services", name, map[int]string{6: "tcp", 17: "udp"}[proto])
	if !known {
		p.fail(t, "unknown port: %s", name)
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

func etcNumber(path, name, suffix string) (int, bool) {
	file, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(strings.SplitN(lines.Text(), "#", 2)[0])
		if len(fields) < 2 || fields[0] != name {
			continue
		}
		parts := strings.SplitN(fields[1], "/", 2)
		if suffix != "" && len(parts) == 2 && parts[1] != suffix {
			continue
		}
		number, err := strconv.Atoi(parts[0])
		return number, err == nil
	}
	return 0, false
}
