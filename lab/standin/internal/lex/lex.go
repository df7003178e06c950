// Package lex is the tokenizer that pf.conf(5) and ipsec.conf(5) share in OpenBSD: words, numbers,
// quoted strings, macros expanded by re-reading their value, comments and continued lines.
//
// Source of the rules: openbsd-ipsec.md §2.1 "Strings/lexer" (parse.y of pfctl and ipsecctl).
package lex

import "strings"

// Kind of a token.
type Kind int

// The kinds. A quoted string never is a keyword, which is why it has a kind of its own.
const (
	EOF Kind = iota
	Newline
	Word
	Number
	Quoted
	Punct
	Bad // an error already reported by the lexer
)

// Token is one lexical element with the line it starts on.
type Token struct {
	Kind Kind
	Text string
	Line int
}

// Is reports whether the token is the punctuation or the unquoted word text.
func (t Token) Is(text string) bool {
	return (t.Kind == Punct || t.Kind == Word) && t.Text == text
}

// IsString reports whether the token can stand for a value: a word or a quoted string.
func (t Token) IsString() bool { return t.Kind == Word || t.Kind == Quoted }

// maxToken is the size of the lexers' buffer; longer strings are refused.
const maxToken = 8096

// Lexer reads tokens from one file. Macros may be added while reading.
type Lexer struct {
	File   string
	Macros map[string]string
	// Report receives the lexer's own errors (undefined macro, open quote).
	Report func(line int, message string)

	input  []byte // a macro's value is put in front of the rest
	line   int
	peeked []Token
}

// New returns a lexer over text. Macros is shared by the files of an include.
func New(file, text string, macros map[string]string, report func(int, string)) *Lexer {
	return &Lexer{File: file, Macros: macros, Report: report, input: []byte(text), line: 1}
}

// Next returns the next token and consumes it.
func (l *Lexer) Next() Token {
	if len(l.peeked) > 0 {
		t := l.peeked[0]
		l.peeked = l.peeked[1:]
		return t
	}
	return l.scan()
}

// Peek returns the next token without consuming it.
func (l *Lexer) Peek() Token { return l.PeekAt(0) }

// PeekAt looks n tokens ahead (0 is the next one).
func (l *Lexer) PeekAt(n int) Token {
	for len(l.peeked) <= n {
		l.peeked = append(l.peeked, l.scan())
	}
	return l.peeked[n]
}

// SkipLine drops the rest of the line after an error; the newline itself is consumed.
func (l *Lexer) SkipLine() {
	for {
		if t := l.Next(); t.Kind == Newline || t.Kind == EOF {
			return
		}
	}
}

// getc returns the next byte with continued lines joined; 0 at the end.
func (l *Lexer) getc() byte {
	for len(l.input) > 1 && l.input[0] == '\\' && l.input[1] == '\n' {
		l.input = l.input[2:]
		l.line++
	}
	if len(l.input) == 0 {
		return 0
	}
	c := l.input[0]
	l.input = l.input[1:]
	return c
}

func (l *Lexer) ungetc(c byte) {
	if c != 0 {
		l.input = append([]byte{c}, l.input...)
	}
}

func (l *Lexer) scan() Token {
	c := l.getc()
	for c == ' ' || c == '\t' {
		c = l.getc()
	}
	if c == '#' {
		for c != '\n' && c != 0 {
			c = l.getc()
		}
	}
	token := Token{Line: l.line}
	switch {
	case c == 0:
		token.Kind = EOF
	case c == '\n':
		token.Kind = Newline
		l.line++
	case c == '$':
		return l.macro(token)
	case c == '"' || c == '\'':
		return l.quoted(token, c)
	case wordByte(c):
		l.ungetc(c)
		return l.word(token)
	default:
		token.Kind, token.Text = Punct, string(c)
		// Two-character operators of port and flag expressions.
		if next := l.getc(); strings.Contains("!= <= >= <> ><", string([]byte{c, next})) && next != 0 && next != ' ' {
			token.Text += string(next)
		} else {
			l.ungetc(next)
		}
	}
	return token
}

func (l *Lexer) macro(token Token) Token {
	var name []byte
	c := l.getc()
	for c == '_' || alnum(c) {
		name = append(name, c)
		c = l.getc()
	}
	l.ungetc(c)
	value, known := l.Macros[string(name)]
	if !known {
		l.Report(token.Line, "macro '"+string(name)+"' not defined")
		token.Kind = Bad
		return token
	}
	l.input = append([]byte(value), l.input...)
	return l.scan()
}

// quoted reads up to the closing quote; a backslash escapes the quote, a space and a tab only, and a
// newline inside is dropped.
func (l *Lexer) quoted(token Token, quote byte) Token {
	token.Kind = Quoted
	var text []byte
	for {
		c := l.getc()
		switch {
		case c == 0:
			l.Report(l.line, "reached end of file while parsing quoted string")
			token.Kind = Bad
			return token
		case c == '\n':
			l.line++
			continue
		case c == '\\':
			next := l.getc()
			if next == quote || next == ' ' || next == '\t' {
				c = next
			} else {
				l.ungetc(next)
			}
		case c == quote:
			token.Text = string(text)
			return token
		}
		if text = append(text, c); len(text) > maxToken {
			l.Report(token.Line, "string too long")
			token.Kind = Bad
			return token
		}
	}
}

func (l *Lexer) word(token Token) Token {
	var text []byte
	c := l.getc()
	for wordByte(c) {
		text = append(text, c)
		c = l.getc()
	}
	l.ungetc(c)
	token.Text, token.Kind = string(text), Word
	digits := token.Text
	if len(digits) > 1 {
		digits = strings.TrimPrefix(digits, "-")
	}
	// A run of digits is a number only where a number can end.
	if strings.Trim(digits, "0123456789") == "" && (c == 0 || strings.IndexByte(" \t\n),/}=", c) >= 0) {
		token.Kind = Number
	}
	return token
}

func alnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func wordByte(c byte) bool {
	if c <= ' ' || c > '~' {
		return false
	}
	return strings.IndexByte("(){}<>!=/#,\"'$", c) < 0
}
