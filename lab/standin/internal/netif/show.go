package netif

import (
	"fmt"
	"net"
	"strings"
)

// Flag bits of OpenBSD's <net/if.h> with the names ifconfig prints.
var flagNames = []struct {
	bit  int
	name string
}{{0x1, "UP"}, {0x2, "BROADCAST"}, {0x8, "LOOPBACK"}, {0x10, "POINTOPOINT"}, {0x40, "RUNNING"},
	{0x800, "SIMPLEX"}, {0x8000, "MULTICAST"}}

func bsdFlags(i net.Interface) int {
	name, up := i.Name, i.Flags&net.FlagUp != 0
	flags := 0
	switch {
	case strings.HasPrefix(name, "enc"):
	case strings.HasPrefix(name, "lo"):
		flags = 0x8008
	case IsSec(name):
		flags = secFlags
	default:
		flags = 0x8802
	}
	if up {
		flags |= 0x1
		if strings.HasPrefix(name, "enc") || IsSec(name) || running(name) {
			flags |= 0x40
		}
	}
	return flags
}

func (s Snapshot) describe(i net.Interface) string {
	var out strings.Builder
	flags := bsdFlags(i)
	var names []string
	for _, f := range flagNames {
		if flags&f.bit != 0 {
			names = append(names, f.name)
		}
	}
	fmt.Fprintf(&out, "%s: flags=%x<%s>", i.Name, flags, strings.Join(names, ","))
	if !strings.HasPrefix(i.Name, "enc") {
		mtu := i.MTU
		if strings.HasPrefix(i.Name, "lo") {
			mtu = 32768
		}
		fmt.Fprintf(&out, " mtu %d", mtu)
	}
	out.WriteByte('\n')
	ethernet := flags&0x800 != 0
	if ethernet {
		fmt.Fprintf(&out, "\tlladdr %s\n", i.HardwareAddr)
	}
	fmt.Fprintf(&out, "\tindex %d priority 0 llprio 3\n", i.Index)
	if groups := s.groups[i.Name]; len(groups) > 0 {
		fmt.Fprintf(&out, "\tgroups: %s\n", strings.Join(groups, " "))
	}
	if ethernet {
		status := "no carrier"
		if flags&0x40 != 0 {
			status = "active"
		}
		fmt.Fprintf(&out, "\tmedia: Ethernet autoselect\n\tstatus: %s\n", status)
	} else if strings.HasPrefix(i.Name, "enc") {
		out.WriteString("\tstatus: active\n")
	}
	if IsSec(i.Name) {
		for _, a := range secAddresses(i.Name) {
			out.WriteString(a.String())
		}
		return out.String()
	}
	for _, a := range s.addresses[i.Name] {
		out.WriteString(describeAddress(i.Name, a, ethernet))
	}
	return out.String()
}

func describeAddress(iface, prefix string, broadcast bool) string {
	addr, network, err := net.ParseCIDR(prefix)
	if err != nil {
		return ""
	}
	ones, _ := network.Mask.Size()
	if v4 := addr.To4(); v4 != nil {
		text := fmt.Sprintf("\tinet %s netmask 0x%x", v4, []byte(network.Mask))
		if broadcast {
			last := make(net.IP, 4)
			for i := range last {
				last[i] = v4[i] | ^network.Mask[i]
			}
			text += " broadcast " + last.String()
		}
		return text + "\n"
	}
	scope := ""
	if addr.IsLinkLocalUnicast() {
		scope = "%" + iface
	}
	return fmt.Sprintf("\tinet6 %s%s prefixlen %d\n", addr, scope, ones)
}
