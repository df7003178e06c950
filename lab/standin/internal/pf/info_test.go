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
