package netif

import (
	"strings"
	"testing"
)

func TestMasks(t *testing.T) {
	for text, want := range map[string]int{"255.255.255.0": 24, "0xffffff00": 24, "0xfffffffc": 30, "24": 24, "10.0.0.255": -1, "NONE": -1} {
		if got := maskLength(text, -1); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]int{"10.0.0.1": 8, "192.0.2.1": 24, "192.0.2.1/30": 30, "2001:db8::1": 64} {
		if _, got, ok := parseAddress(text); !ok || got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestAddressLines(t *testing.T) {
	if got := describeAddress("vio0", "10.10.0.2/24", true); got != "\tinet 10.10.0.2 netmask 0xffffff00 broadcast 10.10.0.255\n" {
		t.Errorf("%q", got)
	}
	if got := describeAddress("vio0", "fe80::1/64", true); got != "\tinet6 fe80::1%vio0 prefixlen 64\n" {
		t.Errorf("%q", got)
	}
}

func TestLoopbackHasOpenBSDsName(t *testing.T) {
	if linuxName("lo0") != "lo" || bsdName("lo") != "lo0" || linuxName("vio0") != "vio0" {
		t.Error("names")
	}
}

func TestMembersAndSelf(t *testing.T) {
	s := Snapshot{names: []string{"lo0", "vio0", "enc0"},
		groups:    map[string][]string{"lo0": {"lo"}, "vio0": groups("vio0", true), "enc0": groups("enc0", false)},
		addresses: map[string][]string{"lo0": {"127.0.0.1/8"}, "vio0": {"10.10.0.2/24"}}}
	for name, want := range map[string]string{"egress": "10.10.0.2/24", "vio0": "10.10.0.2/24", "self": "127.0.0.1/8 10.10.0.2/24", "lo": "127.0.0.1/8", "enc": "", "em0": ""} {
		if got := strings.Join(s.Addresses(name), " "); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if members := s.Members("enc"); len(members) != 1 || members[0] != "enc0" {
		t.Errorf("%v", members)
	}
}
