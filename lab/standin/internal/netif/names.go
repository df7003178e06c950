// Package netif is the network side of the userland: ifconfig(8), route(8), netstat(1) and
// netstart(8). Interfaces are Linux's, shown under OpenBSD's names: eth0 was renamed vio0 at boot, lo
// is shown as lo0, and enc0 is a dummy interface that only exists to be named and set up or down.
//
// It does not do: carp, pfsync, sec, vlan, wireless, routing domains, media.
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

// Groups of an interface: its driver's name, and egress for those the default route leaves by.
func Groups(name string) []string {
	var groups []string
	switch {
	case strings.HasPrefix(name, "enc"):
		groups = append(groups, "enc")
	case strings.HasPrefix(name, "lo"):
		groups = append(groups, "lo")
	}
	for _, r := range routes("-4") {
		if r.dest == "default" && r.iface == name {
			groups = append(groups, "egress")
			break
		}
	}
	return groups
}

// Members returns the interfaces that a name in a rule means: itself, or the members of a group.
func Members(name string) []string {
	all := List()
	// Before any group is looked at, as that asks another program for the routes.
	for _, i := range all {
		if i.Name == name {
			return []string{name}
		}
	}
	var members []string
	for _, i := range all {
		for _, g := range Groups(i.Name) {
			if g == name {
				members = append(members, i.Name)
			}
		}
	}
	sort.Strings(members)
	return members
}

// Exists reports whether name is an interface or an interface group that has members.
func Exists(name string) bool { return len(Members(name)) > 0 }

// Addresses returns the addresses of an interface or group as prefixes ("10.10.0.2/24").
func Addresses(name string) []string {
	var out []string
	for _, member := range Members(name) {
		iface, err := net.InterfaceByName(linuxName(member))
		if err != nil {
			continue
		}
		addrs, _ := iface.Addrs()
		for _, a := range addrs {
			out = append(out, a.String())
		}
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
