package pf

import (
	"fmt"
	"net/netip"
	"sort"
	"strings"
)

// tableCommand is -t TABLE -T show|add|delete|replace|flush|kill|test [address …].
func (o options) tableCommand(s *state) int {
	if o.table == "" {
		return usage()
	}
	command := ""
	for _, name := range []string{"add", "delete", "expire", "flush", "kill", "replace", "show", "test", "zero"} {
		if strings.HasPrefix(name, o.command) && command == "" {
			command = name
		}
	}
	var entries []Entry
	for _, word := range o.rest {
		prefix, ok := parsePrefix(strings.TrimPrefix(word, "!"))
		if !ok {
			return fail("cannot decode %s: no such address", word)
		}
		entries = append(entries, Entry{Not: strings.HasPrefix(word, "!"), Prefix: prefix})
	}
	set := s.table(o.table)
	if set == nil && (command == "add" || command == "replace") {
		set = &addressSet{Table: o.table, Persist: true, Index: len(s.Sets)}
		s.Sets = append(s.Sets, set)
		o.say("1 table created.")
	}
	if set == nil {
		return fail("Table does not exist.")
	}
	switch command {
	case "show":
		set.show()
		return 0
	case "test":
		return o.test(set, entries)
	case "add", "delete", "replace", "flush":
		if set.Const {
			return fail("Operation not permitted.")
		}
		o.change(set, command, entries)
	case "kill":
		set.Entries, set.Persist = nil, false
		o.say("1 table deleted.")
	default:
		return fail("-T %s: not in this stand-in", o.command)
	}
	if err := s.apply(); err != nil {
		return fail("%v", err)
	}
	return 0
}

func (s *state) table(name string) *addressSet {
	for _, set := range s.Sets {
		if set.Table == name {
			return set
		}
	}
	return nil
}

// show prints the addresses sorted, each after three blanks, as pfctl does.
func (s *addressSet) show() {
	entries := append([]Entry{}, s.Entries...)
	sort.Slice(entries, func(i, j int) bool {
		return entries[i].Prefix.Addr().Less(entries[j].Prefix.Addr())
	})
	for _, e := range entries {
		text := e.Prefix.String()
		if e.Prefix.IsSingleIP() {
			text = e.Prefix.Addr().String()
		}
		sign := " "
		if e.Not {
			sign = "!"
		}
		fmt.Printf("  %s%s\n", sign, text)
	}
}

func (s *addressSet) index(prefix netip.Prefix) int {
	for i, e := range s.Entries {
		if e.Prefix == prefix {
			return i
		}
	}
	return -1
}

func (o options) change(set *addressSet, command string, entries []Entry) {
	added, deleted := 0, 0
	switch command {
	case "flush":
		deleted = len(set.Entries)
		set.Entries = nil
	case "delete":
		for _, e := range entries {
			if i := set.index(e.Prefix); i >= 0 {
				set.Entries = append(set.Entries[:i], set.Entries[i+1:]...)
				deleted++
			}
		}
	case "add", "replace":
		old := *set
		if command == "replace" {
			set.Entries = nil
		}
		for _, e := range entries {
			if set.index(e.Prefix) < 0 {
				set.Entries = append(set.Entries, e)
				if old.index(e.Prefix) < 0 {
					added++
				}
			}
		}
		for _, e := range old.Entries {
			if set.index(e.Prefix) < 0 {
				deleted++
			}
		}
	}
	switch {
	case command == "add":
		o.say("%d/%d addresses added.", added, len(entries))
	case command == "delete":
		o.say("%d/%d addresses deleted.", deleted, len(entries))
	case command == "flush":
		o.say("%d addresses deleted.", deleted)
	case added == 0 && deleted == 0:
		o.say("no changes.")
	default:
		if added > 0 {
			o.say("%d addresses added.", added)
		}
		if deleted > 0 {
			o.say("%d addresses deleted.", deleted)
		}
	}
}

func (o options) test(set *addressSet, entries []Entry) int {
	matched := 0
	for _, wanted := range entries {
		best := Entry{}
		found := false
		for _, e := range set.Entries {
			if e.Prefix.Contains(wanted.Prefix.Addr()) && (!found || e.Prefix.Bits() > best.Prefix.Bits()) {
				best, found = e, true
			}
		}
		if found && !best.Not {
			matched++
		}
	}
	o.say("%d/%d addresses match.", matched, len(entries))
	if matched < len(entries) {
		return 2
	}
	return 0
}
