package pf

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
)

func testResolver() Resolver {
	return Resolver{
		InterfaceAddresses: func(name string) []string {
			return map[string][]string{"vio0": {"192.0.2.10/24", "fe80::1/64"}, "egress": {"192.0.2.10/24"}, "lo0": {"127.0.0.1/8"}}[name]
		},
		LookupHost: func(string) ([]string, error) { return nil, errors.New("no names in tests") },
	}
}

func parseText(t *testing.T, text string) (*Config, []string) {
	t.Helper()
	return Parse("stdin", text, nil, testResolver())
}

func printed(c *Config) []string {
	var out []string
	for _, r := range c.Rules {
		out = append(out, r.String())
	}
	return out
}

func TestGatewayRuleset(t *testing.T) {
	text, err := os.ReadFile("testdata/gateway.conf")
	if err != nil {
		t.Fatal(err)
	}
	config, problems := parseText(t, string(text))
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	want, err := os.ReadFile("testdata/gateway.rules")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(printed(config), "\n") + "\n"; got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPrinted(t *testing.T) {
	for in, want := range map[string][]string{
		"block all": {"block drop all"},
		"set block-policy return\nblock log quick": {"block return log quick all"},
		"pass": {"pass all flags S/SA"},
		"pass proto udp from any to any port 1024:2048":  {"pass proto udp from any to any port 1024:2048"},
		"pass in on ! lo0 proto tcp to port { ssh, 80 }": {"pass in on ! lo0 proto tcp from any to any port = 22 flags S/SA", "pass in on ! lo0 proto tcp from any to any port = 80 flags S/SA"},
		"pass in proto udp to port 500 keep state (max 3000, source-track rule, max-src-states 32)": {
			"pass in proto udp from any to any port = 500 keep state (max 3000, source-track rule, max-src-states 32, adaptive.start 1800, adaptive.end 3600)"},
		"pass in proto esp keep state (if-bound, max-src-states 7)": {"pass in proto esp all keep state (source-track global, max-src-states 7, if-bound)"},
		"match on enc0 scrub (max-mss 1350)":                        {"match on enc0 all scrub (max-mss 1350)"},
		"pass out on egress inet from any to ! 10.20.0.0/24":        {"pass out on egress inet from any to ! 10.20.0.0/24 flags S/SA"},
		"set state-policy if-bound\npass out on enc0 tagged x": {
			"pass out on enc0 all flags S/SA keep state (if-bound) tagged x"},
		"pass in proto tcp from (vio0) to any flags any no state": {"pass in proto tcp from (vio0) to any no state"},
		"pass from vio0 to 10.0.0.0/8":                            {"pass inet from 192.0.2.10 to 10.0.0.0/8 flags S/SA"},
		"match out on egress from 10.10.0.0/24 to ! 10.20.0.0/24 nat-to (egress)": {
			"match out on egress inet from 10.10.0.0/24 to ! 10.20.0.0/24 nat-to (egress)"},
		"match out on enc0 from 10.10.0.0/24 to 10.20.0.0/24 nat-to 10.99.0.0/24 bitmask static-port": {
			"match out on enc0 inet from 10.10.0.0/24 to 10.20.0.0/24 nat-to 10.99.0.0/24 bitmask static-port"},
		"match in on enc0 from 10.20.0.0/24 to 10.99.0.0/24 tagged \"vpn-x\" rdr-to 10.10.0.0/24 bitmask": {
			"match in on enc0 inet from 10.20.0.0/24 to 10.99.0.0/24 tagged vpn-x rdr-to 10.10.0.0/24 bitmask"},
		"pass inet6 proto icmp6 icmp6-type { echoreq toobig }": {
			"pass inet6 proto ipv6-icmp all icmp6-type echoreq", "pass inet6 proto ipv6-icmp all icmp6-type toobig"},
		"antispoof quick for { lo0 vio0 }": {
			"block drop in quick on ! lo0 inet from 127.0.0.0/8 to any",
			"block drop in quick on ! vio0 inet from 192.0.2.0/24 to any",
			"block drop in quick inet from 192.0.2.10 to any"},
		"anchor \"vpn/*\"": {"anchor \"vpn/*\" all"},
	} {
		config, problems := parseText(t, in+"\n")
		if len(problems) != 0 || !reflect.DeepEqual(printed(config), want) {
			t.Errorf("%s:\n got %q %q\nwant %q", in, printed(config), problems, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for in, want := range map[string]string{
		"pass in on $nope":                           "stdin:1: macro 'nope' not defined",
		"block\npass from any port 22 to any":        "stdin:2: port only applies to tcp/udp",
		"pass proto tcp from any to any prt 22":      "stdin:1: syntax error",
		"pass quick in":                              "stdin:1: syntax error",
		"pass on vio0 in":                            "stdin:1: syntax error",
		"table <x> { 10.0.0.0/8 ":                    "stdin:2: syntax error",
		"pass from 10.0.0.0/33 to any":               "stdin:1: invalid network address 10.0.0.0/33",
		"pass from nowhere.example.net to any":       "stdin:1: could not parse host specification",
		"pass proto nonsense":                        "stdin:1: unknown protocol nonsense",
		"pass proto tcp to port nonsense":            "stdin:1: unknown port nonsense",
		"pass tag " + strings.Repeat("x", 64):        "stdin:1: tag too long, max 63 chars",
		"pass inet6 from 10.0.0.1 to any":            "stdin:1: rule expands to no valid combination",
		"pass proto icmp icmp-type echoreq":          "stdin:1: must indicate address family with icmp-type/code",
		"set nonsense on":                            "stdin:1: syntax error",
		"bsd # Don't filter on the loopback":         "stdin:1: syntax error",
		"pass out route-to 10.0.0.1":                 "stdin:1: route-to: not in this stand-in",
		"pass out nat-to 10.99.0.0/24":               "stdin:1: nat-to: a network needs bitmask in this stand-in",
		"block keep state":                           "stdin:1: keep state on block rules doesn't make sense",
		"pass keep state (if-bound\npass\n\n\nblock": "stdin:1: syntax error",
	} {
		if _, problems := parseText(t, in+"\n"); len(problems) == 0 || problems[len(problems)-1] != want && problems[0] != want {
			t.Errorf("%s: got %q, want %q", in, problems, want)
		}
	}
}

// One wrong line does not hide the next: the parser goes on after the end of the line.
func TestEveryWrongLineIsReported(t *testing.T) {
	_, problems := parseText(t, "pass frm\nblock\npass tto\n")
	if want := []string{"stdin:1: syntax error", "stdin:3: syntax error"}; !reflect.DeepEqual(problems, want) {
		t.Errorf("got %q", problems)
	}
}

func TestTables(t *testing.T) {
	config, problems := parseText(t, "table <a> const { 10/8, !10.1/16, \n 192.0.2.1 }\ntable <b> persist\n")
	if len(problems) != 0 || len(config.Tables) != 2 {
		t.Fatal(problems)
	}
	a := config.Tables[0]
	if !a.Const || len(a.Entries) != 3 || a.Entries[0].Prefix.String() != "10.0.0.0/8" || !a.Entries[1].Not {
		t.Errorf("%+v", a)
	}
	if !config.Tables[1].Persist {
		t.Error("persist is lost")
	}
}
