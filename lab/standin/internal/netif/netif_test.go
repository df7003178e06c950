package netif

import (
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
