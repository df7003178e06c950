package ipsecconf

import (
	"fmt"
	"net"
	"os"
	"strings"

	"standin/internal/lex"
)

// Parser reads a file and its includes.
type Parser struct {
	Rules    []*Rule
	Bypasses []Bypass
	Errors   []string // lines for stderr
	// Addresses returns "address/length" of an interface or group, Lookup resolves a host name.
	Addresses func(name string) []string
	Lookup    func(name string) ([]string, error)

	lx      *lex.Lexer
	defined map[string]string
	depth   int
}

// Fatal is an error that ends ipsecctl on the spot, without a line number.
type Fatal struct{ Message string }

func (f Fatal) Error() string { return f.Message }

// Parse reads text; macros given with -D win over the file's.
func Parse(file, text string, macros map[string]string, addresses func(string) []string) (p *Parser, err error) {
	p = &Parser{Addresses: addresses, Lookup: net.LookupHost, defined: macros}
	all := map[string]string{}
	for name, value := range macros {
		all[name] = value
	}
	defer func() {
		if r := recover(); r != nil {
			fatal, ours := r.(Fatal)
			if !ours {
				panic(r)
			}
			err = fatal
		}
	}()
	p.file(file, text, all)
	return p, nil
}

func (p *Parser) file(name, text string, macros map[string]string) {
	outer := p.lx
	p.lx = lex.New(name, text, macros, p.errorAt)
	for p.lx.Peek().Kind != lex.EOF {
		p.statement()
	}
	p.lx = outer
}

func (p *Parser) errorAt(line int, message string) {
	p.Errors = append(p.Errors, fmt.Sprintf("%s: %d: %s", p.lx.File, line, message))
}

type stop struct{}

func (p *Parser) fail(t lex.Token, format string, args ...interface{}) {
	p.errorAt(t.Line, fmt.Sprintf(format, args...))
	panic(stop{})
}

func (p *Parser) syntaxError() { p.fail(p.lx.Peek(), "syntax error") }

func (p *Parser) statement() {
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(stop); !ours {
				panic(r)
			}
			p.lx.SkipLine()
		}
	}()
	t := p.lx.Peek()
	var finish func()
	switch {
	case t.Kind == lex.Newline:
	case t.Is("include"):
		p.include()
	case t.Is("ike"):
		finish = p.ikeRule()
	case t.Is("flow"):
		finish = p.flowRule()
	case t.Is("esp"), t.Is("ah"), t.Is("tcpmd5"), t.Is("ipcomp"), t.Is("ipip"), t.Is("bundle"):
		p.fail(t, "%s: not in this stand-in", t.Text)
	case t.Kind == lex.Word && p.lx.PeekAt(1).Is("="):
		p.macro()
	default:
		p.syntaxError()
	}
	if end := p.lx.Peek(); end.Kind != lex.Newline && end.Kind != lex.EOF {
		p.syntaxError()
	}
	if finish != nil {
		finish()
	}
	p.lx.Next()
}

func (p *Parser) include() {
	p.lx.Next()
	t := p.lx.Peek()
	path := p.text()
	text, err := os.ReadFile(path)
	if err != nil || p.depth > 20 {
		p.Errors = append(p.Errors, fmt.Sprintf("ipsecctl: pushfile: %s: No such file or directory", path))
		p.fail(t, "failed to include file %s", path)
	}
	p.depth++
	p.file(path, string(text), p.lx.Macros)
	p.depth--
}

func (p *Parser) macro() {
	name := p.lx.Next()
	p.lx.Next()
	value := p.text()
	for p.lx.Peek().IsString() {
		value += " " + p.lx.Next().Text
	}
	if _, fixed := p.defined[name.Text]; !fixed {
		p.lx.Macros[name.Text] = value
	}
}

// accept consumes the keyword or punctuation if it is next.
func (p *Parser) accept(text string) bool {
	if p.lx.Peek().Is(text) {
		p.lx.Next()
		return true
	}
	return false
}

func (p *Parser) expect(text string) {
	if !p.accept(text) {
		p.syntaxError()
	}
}

// text consumes a string: quoted, or a word that is no keyword. Digits alone are a number, not a string.
func (p *Parser) text() string {
	t := p.lx.Peek()
	if t.Kind != lex.Quoted && (t.Kind != lex.Word || keywords[t.Text]) {
		p.syntaxError()
	}
	return p.lx.Next().Text
}

var keywords = func() map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(`acquire active aggressive ah any auth authkey bundle bypass comp deny
 dontacq dstid dynamic enc enckey esp file flow from group ike in include interface ipcomp ipip lifetime
 local main out passive peer port proto psk quick require rsa spi srcid tag tcpmd5 to transport tunnel
 type udpencap use`) {
		set[word] = true
	}
	return set
}()
