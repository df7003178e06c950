package pf

import (
	"bufio"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"standin/internal/lex"
)

// fromTo parses "all" or [from …] [to …].
func (p *parser) fromTo(d *draft) {
	if p.accept("all") {
		return
	}
	if p.accept("from") {
		d.from, d.fromPorts = p.endpoint()
	}
	if t := p.lx.Peek(); t.Is("os") {
		p.fail(t, "os: not in this stand-in")
	}
	if p.accept("to") {
		d.to, d.toPorts = p.endpoint()
	}
}

// endpoint parses HOSTS [port PORTS] or port PORTS.
func (p *parser) endpoint() (hosts []Host, ports []Port) {
	if !p.lx.Peek().Is("port") {
		p.list(func() { hosts = append(hosts, p.host(true)...) })
	}
	if p.accept("port") {
		p.list(func() { ports = append(ports, p.portItem()) })
	}
	return hosts, ports
}

// host parses one host; a name or an interface can stand for several addresses.
func (p *parser) host(negatable bool) []Host {
	not := negatable && p.accept("!")
	t := p.lx.Peek()
	switch {
	case p.accept("any"):
		return []Host{{Kind: HostAny, Not: not}}
	case p.accept("urpf-failed"):
		return []Host{{Kind: HostURPF, Not: not}}
	case p.accept("no-route"):
		return []Host{{Kind: HostNoRoute, Not: not}}
	case p.accept("route"):
		p.fail(t, "route: not in this stand-in")
	case p.accept("<"):
		name := p.value()
		if len(name) >= 32 {
			p.fail(t, "table name '%s' too long", name)
		}
		p.expect(">")
		return []Host{{Kind: HostTable, Not: not, Name: name}}
	case p.accept("("):
		name := p.value()
		p.expect(")")
		if p.lx.Peek().Is("/") {
			p.fail(p.lx.Peek(), "(interface)/length: not in this stand-in")
		}
		if name == "self" {
			return []Host{{Kind: HostSelf, Not: not, Name: "self"}}
		}
		return []Host{{Kind: HostDynamic, Not: not, Name: name}}
	case t.Is("self"):
		p.lx.Next()
		return []Host{{Kind: HostSelf, Not: not, Name: "self"}}
	}
	text := t.Text
	if t.Kind == lex.Number {
		p.lx.Next()
		if !p.lx.Peek().Is("/") {
			p.syntaxError(p.lx.Peek())
		}
	} else {
		text = p.value()
	}
	if p.accept("/") {
		length := p.lx.Peek()
		if length.Kind != lex.Number {
			p.syntaxError(length)
		}
		p.lx.Next()
		text += "/" + length.Text
	}
	prefixes := p.resolve(t, text)
	hosts := make([]Host, 0, len(prefixes))
	for _, prefix := range prefixes {
		hosts = append(hosts, Host{Kind: HostAddr, Not: not, Prefix: prefix})
	}
	return hosts
}

// resolve turns an address, network, interface or host name into prefixes.
func (p *parser) resolve(t lex.Token, text string) []netip.Prefix {
	if prefix, ok := parsePrefix(text); ok {
		return []netip.Prefix{prefix}
	}
	name, length := text, ""
	if slash := strings.IndexByte(text, '/'); slash >= 0 {
		name, length = text[:slash], text[slash+1:]
	}
	if _, err := netip.ParseAddr(name); err == nil || strings.Trim(name, "0123456789.") == "" {
		p.fail(t, "invalid network address %s", text)
	}
	base, modifier := name, ""
	if colon := strings.IndexByte(name, ':'); colon >= 0 {
		base, modifier = name[:colon], name[colon+1:]
	}
	var out []netip.Prefix
	for _, a := range p.resolver.InterfaceAddresses(base) {
		prefix, err := netip.ParsePrefix(a)
		if err != nil || prefix.Addr().IsLinkLocalUnicast() {
			continue
		}
		if modifier == "network" {
			prefix = prefix.Masked()
		} else {
			prefix = netip.PrefixFrom(prefix.Addr(), prefix.Addr().BitLen())
		}
		if modifier == "0" && len(out) > 0 {
			break
		}
		out = append(out, prefix)
	}
	if len(out) == 0 {
		addresses, err := p.resolver.LookupHost(name)
		if err == nil {
			for _, a := range addresses {
				if addr, err := netip.ParseAddr(a); err == nil {
					out = append(out, hostPrefix(addr, length))
				}
			}
		}
	}
	if len(out) == 0 {
		p.errorAt(t.Line, "no IP address found for "+text)
		p.fail(t, "could not parse host specification")
	}
	return out
}

func hostPrefix(addr netip.Addr, length string) netip.Prefix {
	bits, err := strconv.Atoi(length)
	if err != nil || bits > addr.BitLen() {
		bits = addr.BitLen()
	}
	return netip.PrefixFrom(addr, bits).Masked()
}

// parsePrefix reads ADDR, ADDR/LEN and the short network forms 10/8 and 10.1/16.
func parsePrefix(text string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	slash := strings.IndexByte(text, '/')
	if slash < 0 {
		return netip.Prefix{}, false
	}
	address := text[:slash]
	if !strings.Contains(address, ":") && strings.Trim(address, "0123456789.") == "" {
		for strings.Count(address, ".") < 3 {
			address += ".0"
		}
	}
	prefix, err := netip.ParsePrefix(address + text[slash:])
	if err != nil {
		return netip.Prefix{}, false
	}
	return prefix.Masked(), true
}

// portItem parses 22, ssh, 6000:6010, != 22, < 1024, 1 >< 10 …
func (p *parser) portItem() Port {
	for _, op := range []string{"=", "!=", "<=", ">=", "<", ">"} {
		if p.accept(op) {
			a, _ := p.portRange()
			return Port{Op: op, A: a, B: a}
		}
	}
	a, b := p.portRange()
	for _, op := range []string{"<>", "><"} {
		if p.accept(op) {
			high, _ := p.portRange()
			return Port{Op: op, A: a, B: high}
		}
	}
	if a != b {
		return Port{Op: ":", A: a, B: b}
	}
	return Port{Op: "=", A: a, B: a}
}

func (p *parser) portRange() (int, int) {
	t := p.lx.Peek()
	text := t.Text
	if t.Kind == lex.Number {
		p.lx.Next()
	} else {
		text = p.value()
	}
	parts := strings.SplitN(text, ":", 2)
	low := p.port(t, parts[0])
	if len(parts) == 1 {
		return low, low
	}
	high := 65535
	if parts[1] != "*" {
		high = p.port(t, parts[1])
	}
	return low, high
}

func (p *parser) port(t lex.Token, text string) int {
	if number, err := strconv.Atoi(text); err == nil {
		if number < 0 || number > 65535 {
			p.fail(t, "illegal port value %d", number)
		}
		return number
	}
	if number, known := servicePort(text); known {
		return number
	}
	p.fail(t, "unknown port %s", text)
	return 0
}

func servicePort(name string) (int, bool) {
	return column("/etc/services", func(fields []string) (int, bool) {
		if len(fields) < 2 || fields[0] != name && !contains(fields[2:], name) {
			return 0, false
		}
		number, err := strconv.Atoi(strings.SplitN(fields[1], "/", 2)[0])
		return number, err == nil
	})
}

// Names of OpenBSD's protocols(5) that Linux's file lacks.
var bsdProtocols = map[string]int{"icmp6": 58, "carp": 112, "pfsync": 240}

func protocolNumber(name string) (int, bool) {
	if number, known := bsdProtocols[name]; known {
		return number, true
	}
	return column("/etc/protocols", func(fields []string) (int, bool) {
		if len(fields) < 2 || fields[0] != name && !contains(fields[2:], name) {
			return 0, false
		}
		number, err := strconv.Atoi(fields[1])
		return number, err == nil
	})
}

func protocolName(number int) string {
	name := strconv.Itoa(number)
	if number == bsdProtocols["carp"] {
		return "carp"
	}
	column("/etc/protocols", func(fields []string) (int, bool) {
		if len(fields) < 2 || fields[1] != strconv.Itoa(number) {
			return 0, false
		}
		name = fields[0]
		return 0, true
	})
	return name
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// column scans a file of /etc for the first line that match accepts.
func column(path string, match func(fields []string) (int, bool)) (int, bool) {
	file, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(strings.SplitN(lines.Text(), "#", 2)[0])
		if number, ok := match(fields); ok {
			return number, true
		}
	}
	return 0, false
}
