// Package netif is the network side of the userland: ifconfig(8), route(8), netstat(1) and
// netstart(8). Interfaces are Linux's, shown under OpenBSD's names: eth0 was renamed vio0 at boot, lo
// is shown as lo0, and enc0 is a dummy interface that only exists to be named and set up or down.
//
// It does not do: carp, pfsync, vlan, wireless, IPv6 on sec(4), routing domains, media.
package netif

import (
	"net"
	"os"
	"sort"
	"strings"

	"standin/internal/run"
)

// linuxName maps OpenBSD's loopback name to Linux's.
func linuxName(name string) string {
	if name == "lo0" {
		return "lo"
	}
	return name
}

func bsdName(name string) string {
	if name == "lo" {
		return "lo0"
	}
	return name
}

// List returns the interfaces under OpenBSD's names, loopback first.
func List() []net.Interface {
	all, err := net.Interfaces()
	if err != nil {
		return nil
	}
	for i := range all {
		all[i].Name = bsdName(all[i].Name)
	}
	return all
}

// Snapshot is the machine's interfaces at one moment: asked once, it answers for a whole ruleset.
type Snapshot struct {
	names     []string
	groups    map[string][]string
	addresses map[string][]string
}

// Take looks at the interfaces now.
func Take() Snapshot {
	s := Snapshot{groups: map[string][]string{}, addresses: map[string][]string{}}
	egress := map[string]bool{}
	for _, r := range routes("-4") {
		if r.dest == "default" {
			egress[r.iface] = true
		}
	}
	for _, i := range List() {
		s.names = append(s.names, i.Name)
		s.groups[i.Name] = groups(i.Name, egress[i.Name])
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			s.addresses[i.Name] = append(s.addresses[i.Name], a.String())
		}
	}
	return s
}

// groups of an interface: its driver's name, and egress if the default route leaves by it.
func groups(name string, egress bool) []string {
	var out []string
	switch {
	case strings.HasPrefix(name, "enc"):
		out = append(out, "enc")
	case strings.HasPrefix(name, "lo"):
		out = append(out, "lo")
	case IsSec(name):
		out = append(out, "sec")
	}
	if egress {
		out = append(out, "egress")
	}
	return out
}

// Members returns the interfaces that a name in a rule means: itself, or the members of a group; "self"
// is all of them.
func (s Snapshot) Members(name string) []string {
	var members []string
	for _, i := range s.names {
		if i == name {
			return []string{name}
		}
		for _, g := range s.groups[i] {
			if g == name {
				members = append(members, i)
			}
		}
	}
	if name == "self" {
		members = append(members, s.names...)
	}
	sort.Strings(members)
	return members
}

// Addresses returns the addresses of an interface or group as prefixes ("10.10.0.2/24").
func (s Snapshot) Addresses(name string) []string {
	var out []string
	for _, member := range s.Members(name) {
		out = append(out, s.addresses[member]...)
	}
	return out
}

func ip(args ...string) error {
	_, err := run.Host("ip", args...)
	return err
}

// Up and running state as Linux keeps it, since Go's flags lack RUNNING before 1.20.
func running(name string) bool {
	state, err := os.ReadFile("/sys/class/net/" + linuxName(name) + "/carrier")
	return err == nil && strings.TrimSpace(string(state)) == "1"
}
