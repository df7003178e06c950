package pf

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

// The columns of openbsd-ipsec.md §3.6.
func TestInformation(t *testing.T) {
	since := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	s := &state{Enabled: true, Since: since, Config: &Config{}}
	got := strings.Split(information(s, since.Add(76*time.Hour+5*time.Minute+6*time.Second), 12), "\n")
	want := []string{
		"Status: Enabled for 3 days 04:05:06              Debug: err",
		"",
		"State Table                          Total             Rate",
		"  current entries                       12               ",
		"  half-open tcp                          0               ",
		"  searches                               0            0.0/s",
		"  inserts                                0            0.0/s",
		"  removals                               0            0.0/s",
		"Counters",
		"  match                                  0            0.0/s",
	}
	for i, line := range want {
		if got[i] != line {
			t.Errorf("line %d:\n got %q\nwant %q", i, got[i], line)
		}
	}
	s.Enabled, s.Config.LogIface = false, "vio0"
	if text := information(s, since, 0); !strings.HasPrefix(text, "Status: Disabled for 0 days 00:00:00") || !strings.Contains(text, "\nInterface Stats for vio0 ") {
		t.Errorf("%s", text)
	}
}

func TestTableChanges(t *testing.T) {
	entry := func(text string) Entry { return Entry{Prefix: netip.MustParsePrefix(text)} }
	set := &addressSet{Table: "t", Entries: []Entry{entry("10.0.0.0/8"), {Not: true, Prefix: netip.MustParsePrefix("10.1.0.0/16")}}}
	o := options{quiet: true}
	if o.test(set, []Entry{entry("10.2.0.1/32")}) != 0 || o.test(set, []Entry{entry("10.1.0.1/32")}) == 0 {
		t.Error("the longest match decides, and an excluded network does not match")
	}
	o.change(set, "add", []Entry{entry("192.0.2.1/32"), entry("10.0.0.0/8")})
	if len(set.Entries) != 3 {
		t.Errorf("add: %v", set.Entries)
	}
	o.change(set, "delete", []Entry{entry("10.0.0.0/8")})
	if len(set.Entries) != 2 || set.index(netip.MustParsePrefix("10.0.0.0/8")) >= 0 {
		t.Errorf("delete: %v", set.Entries)
	}
	o.change(set, "replace", []Entry{entry("198.51.100.0/24")})
	if len(set.Entries) != 1 {
		t.Errorf("replace: %v", set.Entries)
	}
}

// A tag keeps its number over reloads: states carry it.
func TestTagNumbersStay(t *testing.T) {
	tags := Tags{}
	a, b := tags.id("a"), tags.id("b")
	if a == b || a == 0 || tags.id("a") != a {
		t.Errorf("%d %d", a, b)
	}
}

func TestPersistentTablesOutliveAReload(t *testing.T) {
	kept := buildSets(&Config{}, []*addressSet{{Table: "byhand", Persist: true}, {Table: "gone"}})
	if len(kept) != 1 || kept[0].Table != "byhand" {
		t.Errorf("%+v", kept)
	}
}

// pf_print_state.c: the near end first, and in brackets what it was before its translation.
func TestStatesOfTrackedConnections(t *testing.T) {
	line := "udp      17 119 src=198.51.100.11 dst=198.51.100.1 sport=4500 dport=4500 " +
		"src=10.10.0.2 dst=198.51.100.11 sport=4500 dport=4500 [ASSURED] mark=5 use=1"
	firewall := map[string]bool{"198.51.100.1": true, "10.10.0.1": true}
	got := strings.Join(statesOf(line, firewall), "\n")
	want := "all udp 10.10.0.2:4500 (198.51.100.1:4500) <- 198.51.100.11:4500       MULTIPLE:MULTIPLE\n" +
		"all udp 198.51.100.11:4500 -> 10.10.0.2:4500       MULTIPLE:MULTIPLE"
	if got != want {
		t.Errorf("forwarded:\n%s", got)
	}
	out := "udp      17 20 src=10.10.0.2 dst=198.51.100.11 sport=500 dport=500 " +
		"src=198.51.100.11 dst=198.51.100.1 sport=500 dport=1024 mark=5 use=1"
	got = strings.Join(statesOf(out, firewall), "\n")
	want = "all udp 198.51.100.11:500 <- 10.10.0.2:500       MULTIPLE:MULTIPLE\n" +
		"all udp 198.51.100.1:1024 (10.10.0.2:500) -> 198.51.100.11:500       MULTIPLE:MULTIPLE"
	if got != want {
		t.Errorf("translated:\n%s", got)
	}
	host := statesOf("tcp      6 100 ESTABLISHED src=10.10.0.254 dst=10.10.0.2 sport=1 dport=22 "+
		"src=10.10.0.2 dst=10.10.0.254 sport=22 dport=1 [ASSURED] mark=5 use=1", map[string]bool{"10.10.0.2": true})
	if len(host) != 1 || host[0] != "all tcp 10.10.0.2:22 <- 10.10.0.254:1       ESTABLISHED:ESTABLISHED" {
		t.Errorf("to the machine itself: %q", host)
	}
}
