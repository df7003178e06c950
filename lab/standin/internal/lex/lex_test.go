package lex

import (
	"fmt"
	"strings"
	"testing"
)

func tokens(t *testing.T, text string, macros map[string]string) string {
	t.Helper()
	var out []string
	l := New("stdin", text, macros, func(line int, message string) {
		out = append(out, fmt.Sprintf("%d:%s", line, message))
	})
	for {
		tok := l.Next()
		switch tok.Kind {
		case EOF:
			return strings.Join(out, " ")
		case Newline:
			out = append(out, "NL")
		case Number:
			out = append(out, "#"+tok.Text)
		case Quoted:
			out = append(out, "'"+tok.Text+"'")
		case Bad:
		default:
			out = append(out, tok.Text)
		}
	}
}

func TestTokens(t *testing.T) {
	macros := map[string]string{"ext": "vio0", "nets": "{ 10.0.0.0/8, 10.1.0.0/16 }"}
	for _, c := range []struct{ in, want string }{
		{"pass in on $ext # rest\nblock", "pass in on vio0 NL block"},
		{"from $nets", "from { 10.0.0.0 / #8 , 10.1.0.0 / #16 }"},
		{"a \\\n b\nc", "a b NL c"},
		{"# comment \\\n swallowed\nx", "NL x"},
		{`psk "a b#c"`, "psk 'a b#c'"},
		{`psk a#b`, "psk a"},
		{`psk 12345`, "psk #12345"},
		{`"a\\`, "1:reached end of file while parsing quoted string"},
		{"\"two\nlines\" x", "'twolines' x"},
		{"$nope\n", "1:macro 'nope' not defined NL"},
		{"port != 22", "port != #22"},
		{"<tbl>,<x>", "< tbl > , < x >"},
		{"6000:6010 vio0:network 12ab", "6000:6010 vio0:network 12ab"},
	} {
		if got := tokens(t, c.in, macros); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}
