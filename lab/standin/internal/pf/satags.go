package pf

import (
	"net/netip"
	"os"
	"strings"

	"standin/internal/lex"
	"standin/internal/run"
)

// IsakmpdTags is where isakmpd leaves "REMOTE LOCAL TAG" lines of its configured connections.
const IsakmpdTags = "/var/run/isakmpd.tags"

// SATags lists the tags of tunnels by their selectors. In OpenBSD the SA itself carries the tag; here
// the configuration of the daemons says which selectors belong to which tag.
func SATags() []SATag {
	tags := ikedTags("/etc/iked.conf", map[string]string{}, 0)
	for _, line := range run.ReadLines(IsakmpdTags) {
		words := strings.SplitN(line, " ", 3)
		if len(words) != 3 {
			continue
		}
		remote, ok1 := parsePrefix(words[0])
		local, ok2 := parsePrefix(words[1])
		if ok1 && ok2 {
			tags = append(tags, SATag{Remote: remote, Local: local, Tag: words[2]})
		}
	}
	return tags
}

// ikedTags reads the policies of an iked.conf(5): their from/to pairs and their tag. iked itself judges
// the file; what is not understood here is passed over.
func ikedTags(path string, macros map[string]string, depth int) []SATag {
	text, err := os.ReadFile(path)
	if err != nil || depth > 8 {
		return nil
	}
	var tags []SATag
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
			tags = append(tags, ikedTags(statement[1].Text, macros, depth+1)...)
		case len(statement) > 2 && statement[1].Is("=") && statement[0].Kind == lex.Word:
			macros[statement[0].Text] = statement[2].Text
		case len(statement) > 0 && statement[0].Is("ikev2"):
			tags = append(tags, policyTags(statement[1:])...)
		}
		statement = nil
		if t.Kind == lex.EOF {
			return tags
		}
	}
}

// policyTags reads one ikev2 statement.
func policyTags(words []lex.Token) []SATag {
	var pairs []SATag
	var local netip.Prefix
	tag, name, id := "", "", ""
	if len(words) > 0 && words[0].Kind == lex.Quoted {
		name = words[0].Text
	}
	for i := 0; i+1 < len(words); i++ {
		switch {
		case words[i].Is("from"):
			local, _ = selector(words[i+1:])
		case words[i].Is("to"):
			if remote, ok := selector(words[i+1:]); ok && local.IsValid() {
				pairs = append(pairs, SATag{Remote: remote, Local: local})
			}
		case words[i].Is("tag"):
			tag = words[i+1].Text
		case words[i].Is("dstid"), words[i].Is("peer") && id == "":
			id = words[i+1].Text
		}
	}
	if tag == "" {
		return nil
	}
	domain := id
	if at := strings.IndexAny(id, "@."); at >= 0 {
		domain = id[at+1:]
	}
	tag = strings.NewReplacer("$name", name, "$id", id, "$domain", domain).Replace(tag)
	for i := range pairs {
		pairs[i].Tag = tag
	}
	return pairs
}

func selector(words []lex.Token) (netip.Prefix, bool) {
	text := words[0].Text
	if text == "any" {
		text = "0.0.0.0/0"
	}
	if len(words) > 2 && words[1].Is("/") {
		text += "/" + words[2].Text
	}
	return parsePrefix(text)
}
