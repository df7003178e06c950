package netif

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestMasks(t *testing.T) {
	for text, want := range map[string]string{
		"255.255.255.0": "24", "0xffffff00": "24", "0xfffffffc": "30",
		"169.254.10.1": "169.254.10.1: non-contiguous mask", "10.0.0.255": "10.0.0.255: non-contiguous mask",
		"NONE": "NONE: bad value",
	} {
		ones, err := maskLength(text, false)
		if got := told(fmt.Sprint(ones), err); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
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

func told(value string, err error) string {
	if err != nil {
		return err.Error()
	}
	return value
}

// etc/netstart parse_hn_line.
func TestLinesOfHostnameIf(t *testing.T) {
	for line, want := range map[string]string{
		"inet 169.254.10.2/30 169.254.10.1":                "ifconfig sec0 inet 169.254.10.2/30 netmask 169.254.10.1",
		"inet 169.254.10.2/30\ndest 169.254.10.1":          "ifconfig sec0 inet 169.254.10.2/30 169.254.10.1",
		"inet alias 10.0.0.2 255.255.255.0 10.0.0.255":     "ifconfig sec0 inet alias 10.0.0.2 netmask 255.255.255.0 broadcast 10.0.0.255",
		"inet 10.0.0.2 255.255.255.0 NONE":                 "ifconfig sec0 inet 10.0.0.2 netmask 255.255.255.0 ",
		"inet6 fd00:10::2 64":                              "ifconfig sec0 inet6 fd00:10::2 prefixlen 64",
		"inet6 fd00:10::2/64":                              "ifconfig sec0 inet6 fd00:10::2/64",
		"dhcp":                                             "ifconfig sec0 inet autoconf",
		"# a comment\n\nmtu 1400":                          "ifconfig sec0 mtu 1400",
		"!route -qn add -inet 10.20.1.0/24 10.0.0.1 # $if": "route -qn add -inet 10.20.1.0/24 10.0.0.1 # sec0",
	} {
		if got := strings.Join(commands("sec0", strings.Split(line, "\n")), "\n"); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

func TestWordsOfAnAddress(t *testing.T) {
	for words, want := range map[string]string{
		"169.254.10.2/30 169.254.10.1":                  "169.254.10.2/30 169.254.10.1 []",
		"169.254.10.2/30 netmask 169.254.10.1":          "169.254.10.1: non-contiguous mask",
		"10.255.1.1 10.255.1.2 netmask 255.255.255.252": "10.255.1.1/30 10.255.1.2 []",
		"fd00:10::2 prefixlen 64 up":                    "fd00:10::2/64  [up]",
		"10.0.0.1 10.0.0.2 10.0.0.3":                    "10.0.0.3: bad value",
		"10.0.0.1 netmask":                              "'netmask' requires argument",
	} {
		r, rest, err := readAddress(strings.Fields(words), false)
		if got := told(fmt.Sprintf("%s/%d %s %v", r.address, r.ones, r.peer, rest), err); got != want {
			t.Errorf("%s: got %s, want %s", words, got, want)
		}
	}
	if r, _, _ := readAddress([]string{"alias", "10.0.0.1/24", "delete"}, false); !reflect.DeepEqual([]bool{r.alias, r.remove}, []bool{true, true}) {
		t.Errorf("alias and delete: %+v", r)
	}
}
