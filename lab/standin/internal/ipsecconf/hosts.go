package ipsecconf

import (
	"bufio"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"standin/internal/lex"
)

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
			// An IPv4 host that is written with /32 is a subnet, an IPv6 host with /128 is an address.
			s.Prefix, s.Net = netip.PrefixFrom(addr, bits).Masked(), addr.Is4() || bits < 128
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
