package pf

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"standin/internal/lex"
)

// Resolver answers what the parser has to ask of the machine.
type Resolver struct {
	// InterfaceAddresses returns "address/length" of an interface or group, nil if there is none.
	InterfaceAddresses func(name string) []string
	LookupHost         func(name string) ([]string, error)
}

type parser struct {
	lx       *lex.Lexer
	config   *Config
	resolver Resolver
	errors   []string
	defined  map[string]string // -D macros, which win over the file's
	depth    int
}

// Parse reads a whole file. The errors are the lines pfctl prints, "FILE:LINE: …".
func Parse(file, text string, macros map[string]string, resolver Resolver) (*Config, []string) {
	p := &parser{config: &Config{BlockPolicy: "drop"}, resolver: resolver, defined: macros}
	all := map[string]string{}
	for name, value := range macros {
		all[name] = value
	}
	p.file(file, text, all)
	return p.config, p.errors
}

func (p *parser) file(file, text string, macros map[string]string) {
	outer := p.lx
	p.lx = lex.New(file, text, macros, p.errorAt)
	p.statements()
	p.lx = outer
}

func (p *parser) errorAt(line int, message string) {
	p.errors = append(p.errors, fmt.Sprintf("%s:%d: %s", p.lx.File, line, message))
}

// stop ends the parse of a statement; the message is reported at the given token.
type stop struct{}

func (p *parser) fail(t lex.Token, format string, args ...interface{}) {
	p.errorAt(t.Line, fmt.Sprintf(format, args...))
	panic(stop{})
}

func (p *parser) syntaxError(t lex.Token) { p.fail(t, "syntax error") }

func (p *parser) statements() {
	for p.lx.Peek().Kind != lex.EOF {
		p.statement()
	}
}

// statement parses up to and including the end of the line; after an error the rest of it is dropped.
func (p *parser) statement() {
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(stop); !ours {
				panic(r)
			}
			p.lx.SkipLine()
		}
	}()
	t := p.lx.Peek()
	switch {
	case t.Kind == lex.Newline:
	case t.Is("include"):
		p.include()
	case t.Is("set"):
		p.lx.Next()
		p.option()
	case t.Is("table"):
		p.lx.Next()
		p.table()
	case t.Is("antispoof"):
		p.lx.Next()
		p.antispoof()
	case t.Is("anchor"):
		p.lx.Next()
		p.anchor()
	case t.Is("load"):
		p.lx.Next()
		p.loadAnchor()
	case t.Is("queue"):
		p.fail(t, "queue: not in this stand-in")
	case t.Is("pass") || t.Is("block") || t.Is("match"):
		p.rule()
	case t.Kind == lex.Word && p.lx.PeekAt(1).Is("="):
		p.macro()
	default:
		p.syntaxError(t)
	}
	p.endOfLine()
}

func (p *parser) endOfLine() {
	if t := p.lx.Peek(); t.Kind != lex.Newline && t.Kind != lex.EOF {
		p.syntaxError(t)
	}
	p.lx.Next()
}

func (p *parser) include() {
	p.lx.Next()
	t := p.lx.Peek()
	if !t.IsString() {
		p.syntaxError(t)
	}
	p.lx.Next()
	text, err := os.ReadFile(t.Text)
	if err != nil || p.depth > 20 {
		fmt.Fprintf(os.Stderr, "pfctl: %s: No such file or directory\n", t.Text)
		p.fail(t, "failed to include file %s", t.Text)
	}
	p.depth++
	p.file(filepath.Clean(t.Text), string(text), p.lx.Macros)
	p.depth--
}

func (p *parser) macro() {
	name := p.lx.Next()
	p.lx.Next()
	var values []string
	for {
		t := p.lx.Peek()
		if !t.IsString() && t.Kind != lex.Number {
			break
		}
		values = append(values, p.lx.Next().Text)
	}
	if len(values) == 0 {
		p.syntaxError(p.lx.Peek())
	}
	if strings.ContainsAny(name.Text, " \t") {
		p.fail(name, "macro name cannot contain whitespace")
	}
	if keywords[name.Text] {
		p.syntaxError(name)
	}
	if _, fixed := p.defined[name.Text]; !fixed {
		p.lx.Macros[name.Text] = strings.Join(values, " ")
	}
}

// expect consumes the given punctuation or keyword. Like value it leaves a wrong token where it is, so
// that the recovery ends with this line.
func (p *parser) expect(text string) {
	if t := p.lx.Peek(); !t.Is(text) {
		p.syntaxError(t)
	}
	p.lx.Next()
}

// accept consumes the token if it is there.
func (p *parser) accept(text string) bool {
	if p.lx.Peek().Is(text) {
		p.lx.Next()
		return true
	}
	return false
}

func (p *parser) skipNewlines() {
	for p.lx.Peek().Kind == lex.Newline {
		p.lx.Next()
	}
}

// list calls item once, or for each element of "{ a, b }"; commas are optional and lines may end inside.
func (p *parser) list(item func()) {
	if !p.accept("{") {
		item()
		return
	}
	p.skipNewlines()
	for {
		item()
		p.accept(",")
		p.skipNewlines()
		if p.accept("}") {
			return
		}
	}
}

// value consumes a name: a word that is no keyword, or a quoted string.
func (p *parser) value() string {
	t := p.lx.Peek()
	if t.Kind != lex.Quoted && (t.Kind != lex.Word || keywords[t.Text]) {
		p.syntaxError(t)
	}
	p.lx.Next()
	return t.Text
}

// keywords of pfctl's lexer: they cannot be used unquoted as names.
var keywords = wordSet(`af-to all allow-opts anchor antispoof any bandwidth binat-to bitmask block
 block-policy burst check const counters debug divert-packet divert-reply divert-to drop dup-to file
 fingerprints floating flow flows flush for fragment from global group hostid icmp-type icmp6-type
 if-bound in include inet inet6 keep label least-states limit load log loginterface match matches max
 max-mss max-pkt-rate max-src-conn max-src-conn-rate max-src-nodes max-src-states min min-ttl modulate
 nat-to no no-df no-route no-sync on once optimization os out parent pass pflow port prio probability
 proto qlimit queue quick quantum random random-id rdomain rdr-to reassemble received-on reply-to
 return return-icmp return-icmp6 return-rst round-robin route route-to rtable rule ruleset-optimization
 scrub self set set-delay skip sloppy source-hash source-track state state-defaults state-policy
 static-port sticky-address syncookies synproxy table tag tagged timeout to tos ttl urpf-failed user
 weight`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	delete(set, "self") // a host, which the lexer hands over as a word
	return set
}
