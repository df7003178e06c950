package ipsecconf

import (
	"reflect"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ in, peer, connection string }{
		{"ike from 10.10.0.0/24 to 10.20.0.0/24 peer 198.51.100.14", "peer-198.51.100.14", "from-10.10.0.0/24-to-10.20.0.0/24"},
		{"ike from 10.10.0.0/24 to 10.20.0.0/24 local 10.10.0.2 peer 198.51.100.14", "peer-198.51.100.14-local-10.10.0.2", "from-10.10.0.0/24-to-10.20.0.0/24"},
		{"ike from 10.0.0.1/32 to 10.20.0.0/24", "peer-default", "from-10.0.0.1/32-to-10.20.0.0/24"},
		{"ike from 10.0.0.1 to 10.0.0.2", "peer-10.0.0.2", "from-10.0.0.1-to-10.0.0.2"},
		{"ike from 2001:db8::1/128 to 2001:db8:20::/64 peer 2001:db8::2", "peer-2001:db8::2", "from-2001:db8::1-to-2001:db8:20::/64"},
		{"ike proto tcp from 1.1.1.1 port 22 to 2.2.2.2 port 1024 peer 2.2.2.2", "peer-2.2.2.2", "from-1.1.1.1=6:22-to-2.2.2.2=6:1024"},
		{"ike proto icmp from 1.1.1.1/32 to 2.2.2.2 peer 2.2.2.2", "peer-2.2.2.2", "from-1.1.1.1/32=1-to-2.2.2.2=1"},
	} {
		r := parse(t, c.in+"\n").Rules[0]
		if r.PeerName() != c.peer || r.ConnectionName() != c.connection {
			t.Errorf("%s: %s %s", c.in, r.PeerName(), r.ConnectionName())
		}
	}
}

// regress ikedel2.ok
func TestDelete(t *testing.T) {
	want := []string{
		"t from-10.1.1.0/24-to-10.1.2.0/24",
		"C rmv [Phase 2]:Connections=from-10.1.1.0/24-to-10.1.2.0/24",
		"C rms [from-10.1.1.0/24-to-10.1.2.0/24]",
		"C rms [phase2-from-10.1.1.0/24-to-10.1.2.0/24]",
	}
	if got := parse(t, "ike from 10.1.1.0/24 to 10.1.2.0/24 peer 192.0.2.1\n").Rules[0].Delete(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	passive := parse(t, "ike passive from 10.1.1.0/24 to 10.1.2.0/24 peer 192.0.2.1\n").Rules[0].Delete()
	if passive[1] != "C rmv [Phase 2]:Passive-Connections=from-10.1.1.0/24-to-10.1.2.0/24" {
		t.Errorf("passive: %q", passive[1])
	}
}

func TestEstablish(t *testing.T) {
	lines, problem := parse(t, rule+`main auth hmac-sha2-256 enc aes-256 group modp2048 quick enc aes-256-gcm group modp2048 psk "key" tag "vpn"`+"\n").Rules[0].Establish()
	if problem != "" {
		t.Fatal(problem)
	}
	text := strings.Join(lines, "\n")
	peer := "peer-198.51.100.14-local-10.10.0.2"
	for _, want := range []string{
		"C set [Phase 1]:198.51.100.14=" + peer + " force",
		"C set [" + peer + "]:Authentication=key force",
		"C add [phase1-" + peer + "]:Transforms=phase1-transform-" + peer + "-PRE_SHARED-SHA2_256-AES256-MODP_2048 force",
		"phase2-transform-from-10.10.0.0/24-to-10.20.0.0/24-AES_GCM_16256-NONE-MODP_2048-TUNNEL",
		"C set [from-10.10.0.0/24-to-10.20.0.0/24]:PF-Tag=vpn force",
		"C set [to-10.20.0.0/24]:Netmask=255.255.255.0 force",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if last := lines[len(lines)-1]; last != "C add [Phase 2]:Connections=from-10.10.0.0/24-to-10.20.0.0/24" {
		t.Errorf("last line %q", last)
	}
}

// ipsecctl's host_v4 and host_v6: only an IPv4 host can be made a subnet.
func TestHostsAsIdentities(t *testing.T) {
	for host, want := range map[string]string{
		"10.0.0.1/32": "IPV4_ADDR_SUBNET", "10.0.0.1": "IPV4_ADDR", "10.0.0.0/24": "IPV4_ADDR_SUBNET",
		"2001:db8::1/128": "IPV6_ADDR", "2001:db8::1": "IPV6_ADDR", "2001:db8::/64": "IPV6_ADDR_SUBNET",
	} {
		peer := map[bool]string{true: "2001:db8::2", false: "192.0.2.2"}[strings.Contains(host, ":")]
		r := parse(t, "ike from "+host+" to "+peer+" peer "+peer+" psk x\n").Rules[0]
		lines, _ := r.Establish()
		if !strings.Contains(strings.Join(lines, "\n"), "["+r.localID()+"]:ID-type="+want+" force") {
			t.Errorf("%s: no %s in\n%s", host, want, strings.Join(lines, "\n"))
		}
	}
}

// These parse, and are found out when the rule is turned into commands: exit 0 with -n, never loaded.
func TestIllegalTransforms(t *testing.T) {
	for in, want := range map[string]string{
		`quick enc chacha20-poly1305 psk "x"`: "illegal transform chacha20-poly1305",
		`main group none psk "x"`:             "illegal group none",
		`main enc aes-256-gcm psk "x"`:        "illegal transform aes-256-gcm",
		`main auth hmac-ripemd160 psk "x"`:    "illegal transform hmac-ripemd160",
	} {
		if _, problem := parse(t, rule+in+"\n").Rules[0].Establish(); problem != want {
			t.Errorf("%s: %q", in, problem)
		}
	}
}

func TestIdentityTypes(t *testing.T) {
	for value, want := range map[string]string{"192.0.2.1": "IPV4_ADDR", "2001:db8::1": "IPV6_ADDR", "a@b.c": "USER_FQDN", "gw.example.net": "FQDN"} {
		if kind, _ := identity(value); kind != want {
			t.Errorf("%s: %s", value, kind)
		}
	}
}
