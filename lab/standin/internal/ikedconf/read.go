// Package ikedconf reads the little of iked.conf(5) that the stand-in needs beside the real iked: the
// selectors, identities and tags of the policies. iked itself judges the file; what is not understood
// here is passed over.
package ikedconf

import (
	"net/netip"
	"os"
	"strings"

	"standin/internal/lex"
)

// Policy is one ikev2 statement.
type Policy struct {
	Name, Peer, SrcID, DstID string // Peer is empty where it may have any address
	Local                    string // our address
	Tag                      string // with $name, $id and $domain filled in
	Pairs                    []Pair
}

// Pair is one from/to pair. Inner is what pf translates to Local before the tunnel, if anything.
type Pair struct{ Local, Remote, Inner netip.Prefix }

const maxIncludes = 8

// Read returns the policies of a file and of those it includes; a missing file has none.
func Read(path string) []Policy { return read(path, map[string]string{}, 0) }

func read(path string, macros map[string]string, depth int) []Policy {
	text, err := os.ReadFile(path)
	if err != nil || depth > maxIncludes {
		return nil
	}
	var policies []Policy
	var statement []lex.Token
	lexer := lex.New(path, string(text), macros, func(int, string) {})
	for {
		t := lexer.Next()
		if t.Kind != lex.Newline && t.Kind != lex.EOF {
			statement = append(statement, t)
			continue
		}
		switch {
		case len(statement) > 1 && statement[0].Is("include"):
			policies = append(policies, read(statement[1].Text, macros, depth+1)...)
		case len(statement) > 2 && statement[1].Is("=") && statement[0].Kind == lex.Word:
			macros[statement[0].Text] = statement[2].Text
		case len(statement) > 0 && statement[0].Is("ikev2"):
			policies = append(policies, policy(statement[1:]))
		}
		statement = nil
		if t.Kind == lex.EOF {
			return policies
		}
	}
}

func policy(words []lex.Token) Policy {
	var p Policy
	var local, inner netip.Prefix
	if len(words) > 0 && words[0].Kind == lex.Quoted {
		p.Name = words[0].Text
	}
	for i := 0; i+1 < len(words); i++ {
		value := words[i+1].Text
		switch {
		case words[i].Is("from"):
			local, _ = selector(words[i+1:])
			inner = netip.Prefix{}
		case words[i].Is("("):
			inner, _ = selector(words[i+1:])
		case words[i].Is("to"):
			if remote, ok := selector(words[i+1:]); ok && local.IsValid() {
				p.Pairs = append(p.Pairs, Pair{Local: local, Remote: remote, Inner: inner})
			}
		case words[i].Is("local"):
			p.Local = value
		case words[i].Is("peer"):
			// One that may have any address is whoever the rest of the policy fits.
			if value != "any" {
				p.Peer = value
			}
		case words[i].Is("srcid"):
			p.SrcID = value
		case words[i].Is("dstid"):
			p.DstID = value
		case words[i].Is("tag"):
			p.Tag = value
		}
	}
	id := p.DstID
	if id == "" {
		id = p.Peer
	}
	domain := id
	if at := strings.IndexAny(id, "@."); at >= 0 {
		domain = id[at+1:]
	}
	p.Tag = strings.NewReplacer("$name", p.Name, "$id", id, "$domain", domain).Replace(p.Tag)
	return p
}

func selector(words []lex.Token) (netip.Prefix, bool) {
	text := words[0].Text
	if text == "any" {
		text = "0.0.0.0/0"
	}
	if len(words) > 2 && words[1].Is("/") {
		text += "/" + words[2].Text
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return prefix.Masked(), true
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(addr, addr.BitLen()), true
}
