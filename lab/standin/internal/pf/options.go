package pf

import (
	"net/netip"
	"os"
	"strings"

	"standin/internal/lex"
)

// option parses what follows "set".
func (p *parser) option() {
	t := p.lx.Peek()
	if t.Kind != lex.Word {
		p.syntaxError(t)
	}
	p.lx.Next()
	switch t.Text {
	case "skip":
		p.expect("on")
		p.list(func() {
			if p.accept("!") {
				p.fail(t, "skip on ! is not supported")
			}
			p.config.Skip = append(p.config.Skip, p.value())
		})
	case "block-policy":
		switch {
		case p.accept("drop"):
			p.config.BlockPolicy = "drop"
		case p.accept("return"):
			p.config.BlockPolicy = "return"
		default:
			p.syntaxError(p.lx.Peek())
		}
	case "state-policy":
		switch {
		case p.accept("if-bound"):
			p.config.IfBound = true
		case p.accept("floating"):
			p.config.IfBound = false
		default:
			p.syntaxError(p.lx.Peek())
		}
	case "loginterface":
		p.config.LogIface = p.value()
	case "debug", "optimization", "ruleset-optimization", "fingerprints", "syncookies", "hostid", "reassemble":
		p.restOfOption()
	case "timeout", "limit":
		p.settings()
	case "state-defaults":
		p.fail(t, "state-defaults: not in this stand-in")
	default:
		p.fail(t, "syntax error")
	}
}

// restOfOption reads options that have no effect here: one or more plain words.
func (p *parser) restOfOption() {
	count := 0
	for {
		t := p.lx.Peek()
		if t.Kind == lex.Newline || t.Kind == lex.EOF {
			break
		}
		if !t.IsString() && t.Kind != lex.Number {
			p.syntaxError(t)
		}
		p.lx.Next()
		count++
	}
	if count == 0 {
		p.syntaxError(p.lx.Peek())
	}
}

// settings reads "name number" or "{ name number, … }".
func (p *parser) settings() {
	p.list(func() {
		name := p.lx.Peek()
		if name.Kind != lex.Word {
			p.syntaxError(name)
		}
		p.lx.Next()
		p.number(0, 1<<31-1)
	})
}

func (p *parser) table() {
	p.expect("<")
	t := p.lx.Peek()
	table := &Table{Name: p.value()}
	if len(table.Name) >= 32 {
		p.fail(t, "table name too long, max 31 chars")
	}
	p.expect(">")
	for {
		switch t := p.lx.Peek(); {
		case p.accept("persist"):
			table.Persist = true
		case p.accept("const"):
			table.Const = true
		case p.accept("counters"):
		case p.accept("file"):
			p.tableFile(table)
		case t.Is("{"):
			p.tableList(table)
		default:
			p.config.Tables = append(p.config.Tables, table)
			return
		}
	}
}

func (p *parser) tableList(table *Table) {
	p.lx.Next()
	p.skipNewlines()
	for !p.accept("}") {
		for _, h := range p.host(true) {
			p.tableEntry(table, h)
		}
		p.accept(",")
		p.skipNewlines()
	}
}

func (p *parser) tableEntry(table *Table, h Host) {
	switch h.Kind {
	case HostAddr:
		table.Entries = append(table.Entries, Entry{Not: h.Not, Prefix: h.Prefix})
	case HostSelf, HostDynamic:
		for _, a := range p.resolver.InterfaceAddresses(h.Name) {
			if prefix, err := netip.ParsePrefix(a); err == nil {
				table.Entries = append(table.Entries, Entry{Not: h.Not, Prefix: netip.PrefixFrom(prefix.Addr(), prefix.Addr().BitLen())})
			}
		}
	default:
		p.syntaxError(p.lx.Peek())
	}
}

// tableFile reads addresses from a file, one or more a line.
func (p *parser) tableFile(table *Table) {
	t := p.lx.Peek()
	text, err := os.ReadFile(p.value())
	if err != nil {
		p.fail(t, "cannot open file %s: No such file or directory", t.Text)
	}
	for _, line := range strings.Split(string(text), "\n") {
		for _, word := range strings.Fields(strings.SplitN(line, "#", 2)[0]) {
			not := strings.HasPrefix(word, "!")
			for _, prefix := range p.resolve(t, strings.TrimPrefix(word, "!")) {
				table.Entries = append(table.Entries, Entry{Not: not, Prefix: prefix})
			}
		}
	}
}

// antispoof expands to the two kinds of rules that pfctl makes of it.
func (p *parser) antispoof() {
	line := p.lx.Peek().Line
	log, quick := false, false
	for i := 0; i < 2; i++ {
		log = p.accept("log") || log
		quick = p.accept("quick") || quick
	}
	p.expect("for")
	var names []string
	p.list(func() { names = append(names, p.value()) })
	af := ""
	if p.accept("inet") {
		af = "inet"
	} else if p.accept("inet6") {
		af = "inet6"
	}
	for _, name := range names {
		base := Rule{Line: line, Action: "block", Block: "drop", Dir: "in", Quick: quick, Log: log, ICMPType: -1, ICMPCode: -1}
		for _, a := range p.resolver.InterfaceAddresses(name) {
			prefix, err := netip.ParsePrefix(a)
			if err != nil || af != "" && prefixFamily(prefix) != af || prefix.Addr().IsLinkLocalUnicast() {
				continue
			}
			network, address := base, base
			network.Iface = Iface{Not: true, Name: name}
			network.AF, address.AF = prefixFamily(prefix), prefixFamily(prefix)
			network.From = Host{Kind: HostAddr, Prefix: prefix.Masked()}
			address.From = Host{Kind: HostAddr, Prefix: netip.PrefixFrom(prefix.Addr(), prefix.Addr().BitLen())}
			p.config.Rules = append(p.config.Rules, &network)
			if !strings.HasPrefix(name, "lo") {
				p.config.Rules = append(p.config.Rules, &address)
			}
		}
	}
}

// anchor is the place of rules that are loaded apart: by "load anchor" or by pfctl -a.
func (p *parser) anchor() {
	t := p.lx.Peek()
	rule := &Rule{Line: t.Line, Action: "anchor", ICMPType: -1, ICMPCode: -1}
	if t.Kind == lex.Quoted || t.Kind == lex.Word && !keywords[t.Text] {
		rule.Anchor = p.value()
	}
	if t := p.lx.Peek(); t.Is("{") {
		p.fail(t, "anchor with rules: not in this stand-in")
	} else if t.Kind != lex.Newline && t.Kind != lex.EOF {
		p.fail(t, "anchor with conditions: not in this stand-in")
	}
	p.config.Rules = append(p.config.Rules, rule)
}
