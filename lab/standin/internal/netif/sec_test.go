package netif

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

func TestNamesOfSec(t *testing.T) {
	for name, want := range map[string]bool{"sec0": true, "sec12": true, "sec": false, "sec01": false, "secx": false, "vio0": false} {
		if IsSec(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if SecID(0) == 0 {
		t.Error("0 ties SAs to no interface")
	}
}

// What ifconfig(8) of OpenBSD 7.8 prints.
func TestAddressesOfSec(t *testing.T) {
	got := parseSecAddresses("7: sec1    inet 10.255.1.1 peer 10.255.1.2/30 scope global sec1\\       valid_lft forever preferred_lft forever\n")
	if len(got) != 1 || got[0].String() != "\tinet 10.255.1.1 --> 10.255.1.2 netmask 0xfffffffc\n" {
		t.Errorf("%v", got)
	}
	flags := bsdFlags(net.Interface{Name: "sec1", Flags: net.FlagUp})
	if fmt.Sprintf("%x", flags) != "8051" {
		t.Errorf("%x", flags)
	}
}

func TestWhichAddressGoes(t *testing.T) {
	now := secAddress{net.ParseIP("10.255.1.1"), net.ParseIP("10.255.1.2"), net.CIDRMask(30, 32)}
	for words, want := range map[string]bool{
		"10.255.1.1/30 10.255.1.2":       false,
		"10.255.1.1/30 10.255.1.3":       true,
		"10.255.1.5/30 10.255.1.6":       true,
		"alias 10.255.1.5/30 10.255.1.6": false,
		"10.255.1.1 delete":              true,
		"10.255.1.5 delete":              false,
	} {
		r, _, err := readAddress(strings.Fields(words), false)
		if err != nil || now.goesFor(r) != want {
			t.Errorf("%s: %v %v", words, !want, err)
		}
	}
}

func TestMTUOfSec(t *testing.T) {
	for text, want := range map[string]bool{"1279": false, "1280": true, "32768": true, "32769": false, "x": false} {
		if secTakesMTU(text) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}

// show.c netname4.
func TestNetworksOfNetstat(t *testing.T) {
	for dest, want := range map[string]string{"10.2.0.0/24": "10.2.0/24", "10.0.0.0/8": "10/8", "172.31.0.0/16": "172.31/16",
		"10.2.0.128/25": "10.2.0.128/25", "10.255.1.2": "10.255.1.2", "default": "default", "0.0.0.0/1": "0/1"} {
		if got := network(dest); got != want {
			t.Errorf("%s: %s", dest, got)
		}
	}
}

func TestRoutesOfLinux(t *testing.T) {
	got := parseRoutes("default via 10.10.0.1 dev vio0 \nunreachable 10.20.1.0/24 metric 136 \n" +
		"10.20.1.0/24 via 169.254.11.1 dev sec1 metric 9 \n169.254.10.0/30 dev sec0 proto kernel scope link src 169.254.10.2 \n")
	want := []route{{dest: "default", gateway: "10.10.0.1", iface: "vio0", prio: 8},
		{dest: "10.20.1.0/24", gateway: "169.254.11.1", iface: "sec1", prio: 9}, {dest: "169.254.10.0/30", iface: "sec0", prio: 8}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v", got)
	}
}

// A route without a priority is a static one (RTP_STATIC in route.h).
func TestMetricOfPriority(t *testing.T) {
	for prio, want := range map[int]string{0: "", 8: "", 9: "metric 9"} {
		if got := strings.Join(metric(prio), " "); got != want {
			t.Errorf("%d: %q", prio, got)
		}
	}
}
