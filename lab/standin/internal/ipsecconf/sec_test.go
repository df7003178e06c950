package ipsecconf

import (
	"strings"
	"testing"
)

const onSec = "ike active interface sec7 local 10.10.0.2 peer 198.51.100.14 main auth hmac-sha2-256 enc aes-256 group modp2048 quick enc aes-256-gcm "

// ike.c: ike_setup_ids, ike_section_ipsec, ike_section_p2ids.
func TestRuleOfAnInterface(t *testing.T) {
	p := parse(t, onSec+"srcid a dstid b psk \"x\"\n")
	if len(p.Errors) != 0 || len(p.Rules) != 1 {
		t.Fatalf("%q %d rules", p.Errors, len(p.Rules))
	}
	lines, problem := p.Rules[0].Establish()
	got := strings.Join(lines, "\n") + "\n"
	for _, want := range []string{
		"C set [from-sec7-to-sec7]:Interface=7 force\nC set [phase2-from-sec7-to-sec7]:EXCHANGE_TYPE=QUICK_MODE force\n",
		"C set [from-sec7-to-sec7]:Local-ID=from-sec7 force\n", "C set [from-sec7-to-sec7]:Remote-ID=to-sec7 force\n",
		"C set [from-sec7]:ID-type=IPV4_ADDR_SUBNET force\nC set [from-sec7]:Network=0.0.0.0 force\nC set [from-sec7]:Netmask=0.0.0.0 force\n",
		"C set [to-sec7]:ID-type=IPV4_ADDR_SUBNET force\n", "-AES_GCM_16256-NONE-MODP_3072-TUNNEL", "C add [Phase 2]:Connections=from-sec7-to-sec7\n",
	} {
		if problem != "" || !strings.Contains(got, want) {
			t.Errorf("%s no %q in\n%s", problem, want, got)
		}
	}
}

func TestRefusedNamesOfInterfaces(t *testing.T) {
	for in, want := range map[string]string{
		"ike interface vether0 peer 192.0.2.1 psk x":              "stdin: 1: invalid sec interface name",
		"ike interface sec peer 192.0.2.1 psk x":                  "stdin: 1: invalid sec interface name",
		"ike interface secx peer 192.0.2.1 psk x":                 "stdin: 1: invalid sec interface unit: invalid",
		"ike interface sec4294967296 peer 192.0.2.1 psk x":        "stdin: 1: invalid sec interface unit: too large",
		onSec + "psk x tag \"vpn-x\"":                             "stdin: 1: syntax error",
		"ike esp interface sec0 peer 192.0.2.1 psk x":             "stdin: 1: syntax error",
		"ike interface sec0 from any to any peer 192.0.2.1 psk x": "stdin: 1: syntax error",
	} {
		if got := strings.Join(parse(t, in+"\n").Errors, "\n"); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
