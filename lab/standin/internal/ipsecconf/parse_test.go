package ipsecconf

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func none(string) []string { return nil }

func parse(t *testing.T, text string) *Parser {
	t.Helper()
	p, err := Parse("stdin", text, nil, none)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const rule = "ike active esp tunnel from 10.10.0.0/24 to 10.20.0.0/24 local 10.10.0.2 peer 198.51.100.14 "

// The table of openbsd-ipsec.md §2.1: what the real parser said.
func TestRefusedAsByTheRealParser(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"ike from 10.0.0.0/24 to 10.1.0.0/24 main auth hmac-sha1 quick enc aes peer 192.0.2.1 psk \"x\"", "stdin: 1: syntax error"},
		{rule + `tag "x" psk "y"`, "stdin: 1: syntax error"},
		{rule + `main lifetime 3600 enc aes psk "x"`, "stdin: 1: syntax error"},
		{rule + `psk 12345`, "stdin: 1: syntax error"},
		{rule + `psk "a\\"`, "reached end of file while parsing quoted string"},
		{rule + `quick enc aes-256-gcm auth hmac-sha2-256 psk "x"`, "stdin: 1: authentication is implicit for aes-256-gcm"},
		{rule + `quick group ecp192 psk "x"`, "stdin: 1: ecp192 not a valid transform"},
		{rule + `main auth sha256 psk "x"`, "stdin: 1: sha256 not a valid transform"},
		{rule + `main group curve25519 psk "x"`, "stdin: 1: curve25519 not a valid transform"},
		{rule + `main group 14 psk "x"`, "stdin: 1: syntax error"},
		{rule + `main group modp2048 group modp2048 psk "x"`, "stdin: 1: group already set"},
		{"\n\nike from $nope to 10.1.0.0/24", "stdin: 3: macro 'nope' not defined"},
		{"ike from 10.0.0.0/24 to 2001:db8::/32 peer 192.0.2.1", "stdin: 1: source/destination address families do not match"},
		{"ike from 10.0.0.1 port 22 to 10.1.0.1 peer 192.0.2.1", "stdin: 1: no protocol supplied with source/destination ports"},
		{"ike proto gre from 10.0.0.1 port 22 to 10.1.0.1 peer 192.0.2.1", "stdin: 1: no protocol supplied with source/destination ports"},
		{"ike from 10.0.0.0/33 to 10.1.0.1", "stdin: 1: could not parse host specification"},
		{`include "/nonexist"`, "ipsecctl: pushfile: /nonexist: No such file or directory"},
		{"frobnicate", "stdin: 1: syntax error"},
		{rule + `dstid "a" srcid "b" psk "x"`, "stdin: 1: syntax error"},
	} {
		got := strings.Join(parse(t, c.in+"\n").Errors, "\n")
		if !strings.Contains(got, c.want) {
			t.Errorf("%q:\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestFailedIncludeNamesTheLine(t *testing.T) {
	got := parse(t, "include \"/nonexist\"\n").Errors
	if len(got) != 2 || got[1] != "stdin: 1: failed to include file /nonexist" {
		t.Errorf("%q", got)
	}
}

func TestAcceptedAsByTheRealParser(t *testing.T) {
	for _, in := range []string{
		rule + `main auth hmac-sha2-256 enc aes-256 group modp2048 lifetime 28800 quick enc aes-256-gcm group modp2048 lifetime 3600 srcid 203.0.113.10 dstid 198.51.100.14 psk "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja" tag "vpn-site1"`,
		rule + `quick enc null psk "x"`,
		"ike from {10.0.0.0/24 10.0.1.0/24} to 10.1.0.0/24 peer 192.0.2.1",
		"ike to 10.1.0.0/24 from 10.0.0.0/24 local 10.0.0.1 peer any",
		"ike proto tcp from 1.1.1.1 port 22 to 2.2.2.2 port 1024 peer 2.2.2.2",
		"ike from 10.10.10.1 (192.168.1.0/24) to 192.168.2.0/24 peer 192.0.2.1",
		"nets = \"{ 10.0.0.0/8, 10.9.0.0/16 }\"\nike dynamic from any to $nets peer 192.0.2.1 psk \"x\"",
		rule + "\\\n\tpsk \"x\" # why\n",
	} {
		if p := parse(t, in+"\n"); len(p.Errors) != 0 {
			t.Errorf("%q: %q", in, p.Errors)
		}
	}
}

func TestQuirks(t *testing.T) {
	if got := parse(t, rule+"psk a#b\n").Rules[0].PSK; got != "a" {
		t.Errorf("psk a#b: %q: an unquoted # starts a comment", got)
	}
	short := parse(t, rule+"main auth hmac-sha2 enc 3des group modp psk x\n").Rules[0].Main
	if short.Auth.Name != "hmac-sha2-256" || short.Enc.Name != "3des-cbc" || short.Group.Name != "modp768" {
		t.Errorf("prefixes: %s %s %s", short.Auth.Name, short.Enc.Name, short.Group.Name)
	}
	if n := len(parse(t, "ike from {10.0.0.0/24, 10.0.1.0/24} to {10.1.0.0/24 10.2.0.0/24} peer 192.0.2.1\n").Rules); n != 4 {
		t.Errorf("lists make %d rules", n)
	}
	if n := len(parse(t, "ike from any to any peer 192.0.2.1\n").Rules); n != 2 {
		t.Errorf("any to any makes %d rules, want one for each family", n)
	}
	_, err := Parse("stdin", rule+"main lifetime 1d psk x\n", nil, none)
	var fatal Fatal
	if !errors.As(err, &fatal) || !strings.HasPrefix(fatal.Message, "invalid time unit") {
		t.Errorf("1d: %v", err)
	}
	if got := parse(t, rule+"main lifetime 8h quick lifetime 30m psk x\n").Rules[0]; got.Main.Lifetime != 28800 || got.Quick.Lifetime != 1800 {
		t.Errorf("lifetimes %d %d", got.Main.Lifetime, got.Quick.Lifetime)
	}
}

func TestInclude(t *testing.T) {
	path := filepath.Join(t.TempDir(), "west.conf")
	if err := os.WriteFile(path, []byte(rule+"psk $key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := parse(t, "key = \"abc\"\ninclude \""+path+"\"\n")
	if len(p.Errors) != 0 || len(p.Rules) != 1 || p.Rules[0].PSK != "abc" {
		t.Errorf("%v %v", p.Errors, p.Rules)
	}
	p = parse(t, "include \""+path+"\"\n")
	if len(p.Errors) == 0 || p.Errors[0] != path+": 1: macro 'key' not defined" {
		t.Errorf("%q: an error in an include names the include", p.Errors)
	}
}

func TestFlowsPastTheTunnels(t *testing.T) {
	p := parse(t, "flow esp from 10.10.0.0/24 to { 10.10.0.0/24, 192.0.2.1 } type bypass\nflow from 10.0.0.0/8 to 10.1.0.0/16 type bypass\n")
	if len(p.Errors) != 0 || len(p.Bypasses) != 3 || p.Bypasses[1].To.String() != "192.0.2.1/32" {
		t.Errorf("%v %v", p.Errors, p.Bypasses)
	}
	for _, other := range []string{"flow esp from 10.0.0.0/8 to 10.1.0.0/16 peer 192.0.2.1", "flow in from 10.0.0.0/8 to 10.1.0.0/16 type bypass"} {
		if p := parse(t, other+"\n"); len(p.Errors) == 0 || len(p.Bypasses) != 0 {
			t.Errorf("%s: %v", other, p.Bypasses)
		}
	}
}
