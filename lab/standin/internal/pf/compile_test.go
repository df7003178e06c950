package pf

import (
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var testMachine = Machine{Members: func(name string) []string {
	return map[string][]string{"vio0": {"vio0"}, "egress": {"vio0"}, "enc0": {"enc0"}, "lo": {"lo0"}, "lo0": {"lo0"}, "sec0": {"sec0"}}[name]
}}

func compiled(t *testing.T, text string, sas []SATag) (string, *Tags) {
	t.Helper()
	config, problems := parseText(t, text)
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	tags := &Tags{}
	return Compile(config, testMachine, tags, buildSets(config, nil), sas), tags
}

// chain returns the lines of one chain, without the comments.
func chain(script, name string) []string {
	var lines []string
	inside := false
	for _, line := range strings.Split(script, "\n") {
		text := strings.TrimSpace(line)
		switch {
		case text == "chain "+name+" {":
			inside = true
		case text == "}":
			inside = false
		case inside && !strings.HasPrefix(text, "#"):
			lines = append(lines, text)
		}
	}
	return lines
}

func TestRulesKeepTheirOrderAndQuickEndsTheWalk(t *testing.T) {
	script, _ := compiled(t, "block\npass in quick on vio0 proto tcp to port 22\npass out on enc0 keep state (if-bound)\n", nil)
	in, out := chain(script, "rules_in"), chain(script, "rules_out")
	if len(in) != 3 || !strings.Contains(in[0], "| 0x00040000") || !strings.HasSuffix(in[1], "goto verdict_in") || in[2] != "goto verdict_in" {
		t.Errorf("in: %q", in)
	}
	if !strings.Contains(in[1], "meta ipsec missing iifname \"vio0\"") || !strings.Contains(in[1], "tcp flags & 0x12 == 0x02") {
		t.Errorf("what comes out of a tunnel is not on vio0, and a state starts with a SYN: %q", in[1])
	}
	// A rule without a protocol takes any TCP packet only if it opens a connection.
	if len(out) != 4 || !strings.Contains(out[1], "rt ipsec exists meta l4proto tcp tcp flags") || !strings.Contains(out[2], "meta l4proto != tcp") ||
		!strings.Contains(out[1], "0x00010000") {
		t.Errorf("out: %q", out)
	}
}

func TestFloatingStatesReachTheOtherInterface(t *testing.T) {
	script, _ := compiled(t, "pass\n", nil)
	if got := strings.Join(chain(script, "floating_out"), "\n"); !strings.Contains(got, "original ct mark set ct mark | 0x2a") {
		t.Errorf("floating: a state made out on enc0 must let the same packet out on vio0 too (enc.4): %s", got)
	}
	bound := strings.Join(chain(script, "bound_out"), "\n")
	if !strings.Contains(bound, "rt ipsec missing oifname != \"sec*\" ct direction original ct mark set ct mark | 0x2\n") ||
		!strings.Contains(bound, "rt ipsec exists ct direction original ct mark set ct mark | 0x8\n") {
		t.Errorf("bound: %s", bound)
	}
}

func TestTagOfAPeerThatMayHaveAnyAddress(t *testing.T) {
	script, _ := compiled(t, "pass\n", []SATag{saTag("", "10.20.0.0/16", "vpn-any")})
	if !strings.Contains(script, "elements = { 0.0.0.0/0 . 10.20.0.0/16 . 10.10.0.0/24 : jump satag_1 }") {
		t.Errorf("%s", script)
	}
}

func saTag(peer, remote, tag string) SATag {
	return SATag{peerPrefix(peer), netip.MustParsePrefix(remote), netip.MustParsePrefix("10.10.0.0/24"), tag}
}

func TestTagsOfSAsAndStates(t *testing.T) {
	script, tags := compiled(t, "pass in on enc0 tagged \"vpn-west\"\npass in on vio0 tag LAN\n",
		[]SATag{saTag("198.51.100.11", "10.20.1.0/24", "vpn-west")})
	west, lan := tags.id("vpn-west"), tags.id("LAN")
	if west == lan || !strings.Contains(script, "198.51.100.11/32 . 10.20.1.0/24 . 10.10.0.0/24 : jump satag_1") {
		t.Errorf("%d %d\n%s", west, lan, script)
	}
	if got := strings.Join(chain(script, "satag_1"), "\n"); !strings.Contains(got, "meta mark set 0x1") {
		t.Errorf("%s", got)
	}
	rules := strings.Join(chain(script, "rules_in"), "\n")
	if !strings.Contains(rules, "meta mark & 0x1fff == 0x1 ") || !strings.Contains(rules, "| 0x00024002") {
		t.Errorf("%s", rules)
	}
	if got := strings.Join(chain(script, "tag_in"), "\n"); !strings.Contains(got, "ct direction original meta mark & 0x5fff == 0x4002 ct mark set ct mark & 0xfff8003f | 0x00000080") {
		t.Errorf("the state keeps the tag: %s", got)
	}
}

func TestNegatedTable(t *testing.T) {
	script, _ := compiled(t, "table <a> { 10/8, !10.1/16 }\nblock from <a>\nblock from ! <a>\n", nil)
	rules := strings.Join(chain(script, "rules_in"), "\n")
	for _, want := range []string{"ip saddr @s0_ip ip saddr != @s0_ip_not ", "ip saddr != @s0_ip meta", "ip saddr @s0_ip_not meta"} {
		if !strings.Contains(rules, want) {
			t.Errorf("no %q in\n%s", want, rules)
		}
	}
}

func TestSkipComesFirst(t *testing.T) {
	script, _ := compiled(t, "set skip on { lo enc0 }\nblock\n", nil)
	got := chain(script, "prerouting")
	if len(got) < 3 || got[1] != `meta ipsec missing iifname "lo" accept` || got[2] != `meta ipsec exists iifname != "sec*" accept` {
		t.Errorf("%q", got)
	}
}

// The kernel's own judgement of everything the compiler can write.
func TestNftAcceptsTheScript(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root for a network namespace")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("no nft")
	}
	gateway, err := os.ReadFile("testdata/gateway.conf")
	if err != nil {
		t.Fatal(err)
	}
	more := `
table <n> { 10/8, !10.1/16, 2001:db8::/32 }
match out on egress inet from 10.10.0.0/24 to ! 10.20.0.0/24 nat-to (egress)
match out on enc0 proto tcp from 10.10.0.0/24 port 179 to 10.20.9.0/24 nat-to 10.99.0.1 static-port
match out on enc0 inet6 from 2001:db8:10::/64 to 2001:db8:20::/64 nat-to 2001:db8:99::1
match in on enc0 proto tcp from 10.20.9.0/24 port 443 to 10.99.0.0/24 port 179 tagged "vpn-site1" rdr-to 10.10.0.0/24 bitmask
match out on enc0 from 10.10.0.0/24 to 10.20.9.0/24 nat-to 10.99.0.0/24 bitmask static-port
match out on enc0 from 2001:db8:10::/64 to 2001:db8:20::/64 nat-to 2001:db8:99::/64 bitmask static-port
match in on enc0 from 2001:db8:20::/64 to 2001:db8:99::/64 rdr-to 2001:db8:10::/64 bitmask
match out on enc0 from 10.13.0.5/32 to 10.20.9.0/24 nat-to 10.99.2.5/32 bitmask static-port
pass in on egress inet proto tcp to any port 80 rdr-to 10.10.0.80 port 8080
block in from urpf-failed
block from ! <n> to (self)
pass on { ! lo0 ! enc0 } proto tcp from any port 1024 >< 2000 to any port != 22 flags any
pass inet6 proto icmp6 icmp6-type echoreq tagged LAN2VPN
block return out proto { tcp udp } user { 21 0 }
pass in on sec0 from 10.20.9.0/24 to 10.10.0.0/24 tag "vpn-site9" keep state (if-bound)
pass out on ! sec0 from 10.10.0.0/24 to 10.20.9.0/24
pass in proto tcp from no-route to any port 1 <> 5 no state
`
	script, _ := compiled(t, string(gateway)+more, []SATag{saTag("198.51.100.11", "10.20.1.0/24", "vpn-site1"), saTag("198.51.100.12", "10.20.0.0/16", "vpn-wide"),
		{peerPrefix("2001:db8::11"), netip.MustParsePrefix("fd00:20::/64"), netip.MustParsePrefix("fd00:10::/64"), "vpn-six"}})
	if six := strings.Join(chain(script, "arrival"), "\n"); !strings.Contains(six, "ipsec in ip6 saddr . ip6 saddr . ip6 daddr vmap @satags_6in6") ||
		!strings.Contains(script, "elements = { 2001:db8::11/128 . fd00:20::/64 . fd00:10::/64 : jump satag_") {
		t.Errorf("%s", six)
	}
	check := exec.Command("unshare", "-n", "nft", "-f", "-")
	check.Stdin = strings.NewReader(script)
	if output, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	}
}

// PF_NAT_PROXY_PORT_LOW and HIGH.
func TestTranslationChoosesThePort(t *testing.T) {
	rule := "pass\nmatch out on enc0 inet proto tcp from 10.10.0.0/24 port 179 to 10.20.1.0/24 nat-to 10.99.0.1"
	for text, want := range map[string]bool{rule: true, rule + " static-port": false} {
		script, _ := compiled(t, text+"\n", nil)
		nat := strings.Join(chain(script, "nat_out"), "\n")
		if strings.Contains(nat, "snat ip to 10.99.0.1:50001-65535") != want || !strings.HasSuffix(strings.TrimSpace(nat), "snat ip to 10.99.0.1") {
			t.Errorf("%s: %s", text, nat)
		}
	}
}

// A tag is that of the SA, by which the packet came, so it has to be there before the translation.
func TestNetworksAreTranslatedHostByHost(t *testing.T) {
	script, _ := compiled(t, "pass\nmatch out on enc0 from 10.10.0.0/24 to 10.20.1.0/24 nat-to 10.99.0.0/24 bitmask static-port\n"+
		"match in on enc0 from 10.20.1.0/24 to 10.99.0.0/24 tagged \"vpn-west\" rdr-to 10.10.0.0/24 bitmask\n",
		[]SATag{saTag("198.51.100.11", "10.20.1.0/24", "vpn-west")})
	if out := strings.Join(chain(script, "nat_out"), "\n"); !strings.Contains(out, "snat ip prefix to ip saddr map { 10.10.0.0/24 : 10.99.0.0/24 }") {
		t.Errorf("%s", out)
	}
	if last := strings.Join(chain(script, "translated"), "\n"); !strings.Contains(last, "rt ipsec missing ip saddr 10.99.0.0/24 ip daddr 10.20.1.0/24 drop") {
		t.Errorf("%s", last)
	}
	in := strings.Join(chain(script, "nat_in"), "\n")
	if !strings.Contains(in, "meta mark & 0x1fff == 0x1 dnat ip prefix to ip daddr map { 10.99.0.0/24 : 10.10.0.0/24 }") {
		t.Errorf("%s", in)
	}
	if first := chain(script, "arrival"); len(first) < 3 || !strings.Contains(first[0], "priority -150") || !strings.Contains(first[2], "@satags") {
		t.Errorf("%q", first)
	}
}

// pf looks at the packet as it came; in Linux the destination is translated before the filter sees it.
func TestRedirectIsMatchedByTheOldDestination(t *testing.T) {
	script, _ := compiled(t, "block\npass in quick on vio0 inet proto udp from any to 192.0.2.10 port 500 rdr-to 10.0.0.2\n", nil)
	if nat := strings.Join(chain(script, "nat_in"), "\n"); !strings.Contains(nat, "ip daddr 192.0.2.10/32 meta l4proto 17 udp dport 500 dnat ip to 10.0.0.2") {
		t.Errorf("nat: %s", nat)
	}
	rules := strings.Join(chain(script, "rules_in"), "\n")
	if !strings.Contains(rules, "ct status dnat ") || !strings.Contains(rules, "ct original ip daddr 192.0.2.10/32 ") ||
		!strings.Contains(rules, "ct original proto-dst 500 ") || strings.Contains(rules, "udp dport 500") {
		t.Errorf("filter: %s", rules)
	}
}
