package base

import (
	"errors"
	"testing"
)

func TestGetentStopsAtANameWithoutAnAddress(t *testing.T) {
	known := map[string][]string{"vpn.example.net": {"198.51.100.11", "2001:db8:5::1"}}
	var asked []string
	lookup := func(name string) ([]string, error) {
		asked = append(asked, name)
		if found := known[name]; found != nil {
			return found, nil
		}
		return nil, errors.New("no such host")
	}
	if got := hosts([]string{"vpn.example.net"}, lookup); got != 0 {
		t.Errorf("a name with addresses: status %d", got)
	}
	if got := hosts([]string{"other.example.net", "vpn.example.net"}, lookup); got != getentNotFound {
		t.Errorf("a name without one: status %d", got)
	}
	if len(asked) != 2 {
		t.Errorf("asked for %v", asked)
	}
	for database, want := range map[string]int{"": getentUsage, "passwd": getentUsage, "hosts": getentNoEnum} {
		args := []string{database}
		if database == "" {
			args = nil
		}
		if got := Getent(args); got != want {
			t.Errorf("getent %s: status %d, want %d", database, got, want)
		}
	}
}
