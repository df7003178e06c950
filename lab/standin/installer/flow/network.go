package flow

import (
	"fmt"
	"net"
	"strings"
)

func (s *Session) network() error {
	hostname, err := s.Until("System hostname? (short form, e.g. 'foo')", "", func(name string) string {
		if strings.ContainsAny(name, " \t/") {
			return fmt.Sprintf("'%s' is not a valid hostname.", name)
		}
		return ""
	})
	if err != nil {
		return err
	}
	s.answers.hostname, _, _ = strings.Cut(hostname, ".")
	var lease Lease
	if lease, err = s.interfaces(); err != nil {
		return err
	}
	if err := s.route(lease); err != nil {
		return err
	}
	if lease.Domain == "" {
		lease.Domain = "my.domain"
	}
	if s.answers.domain, err = s.Ask("DNS domain name? (e.g. 'example.com')", lease.Domain); err != nil {
		return err
	}
	if lease.DNS == "" {
		lease.DNS = "none"
	}
	s.answers.dns, err = s.Until("DNS nameservers? (IP address list or 'none')", lease.DNS, func(list string) string {
		for _, one := range strings.Fields(list) {
			if one != "none" && net.ParseIP(one) == nil {
				return invalidAddress(one)
			}
		}
		return ""
	})
	return err
}

// interfaces asks for one interface after the other; the first lease is the one that counts.
func (s *Session) interfaces() (lease Lease, err error) {
	def := "done"
	var names []string
	for _, nic := range s.Machine.NICs() {
		names = append(names, nic.Name, nic.MAC)
	}
	if len(names) > 0 {
		fmt.Fprintf(s.Out, "Available network interfaces are: %s.\n", strings.Join(s.nicNames(), " "))
		def = names[0]
	}
	for {
		name, err := s.Choice("Network interface to configure? (name, lladdr, '?', or 'done')", def, append(names, "done")...)
		if err != nil || name == "done" {
			return lease, err
		}
		got, err := s.netInterface(name)
		if err != nil {
			return lease, err
		}
		if lease == (Lease{}) {
			lease = got
		}
		def = "done"
	}
}

func (s *Session) nicNames() []string {
	var names []string
	for _, nic := range s.Machine.NICs() {
		names = append(names, nic.Name)
	}
	return names
}

// netInterface configures one; by its address it keeps the address as the name of its file.
func (s *Session) netInterface(name string) (lease Lease, err error) {
	device := name
	for _, nic := range s.Machine.NICs() {
		if nic.MAC == name {
			device = nic.Name
		}
	}
	iface := netInterface{name: name, hostname: s.answers.hostname}
	if len(s.answers.interfaces) > 0 {
		if iface.hostname, err = s.Ask(fmt.Sprintf("Symbolic (host) name for %s?", name), s.answers.hostname); err != nil {
			return lease, err
		}
	}
	if iface.address, err = s.ipv4(name); err != nil {
		return lease, err
	}
	switch iface.address {
	case "none":
	case "autoconf":
		if lease, err = s.Machine.Lease(device); err != nil {
			fmt.Fprintf(s.Out, "%s: %v\n", device, err)
		} else {
			fmt.Fprintf(s.Out, "%s: %s lease accepted\n", device, lease.Address)
		}
	default:
		if err := s.Machine.Static(device, iface.address); err != nil {
			fmt.Fprintf(s.Out, "%s: %v\n", device, err)
		}
	}
	_, err = s.Until(fmt.Sprintf("IPv6 address for %s? (or 'autoconf' or 'none')", name), "none", func(answer string) string {
		if answer != "none" && answer != "autoconf" {
			return "IPv6 addresses are not in this stand-in."
		}
		return ""
	})
	s.answers.interfaces = append(s.answers.interfaces, iface)
	return lease, err
}

// ipv4 gives none, autoconf, or an address with its prefix.
func (s *Session) ipv4(name string) (string, error) {
	address, err := s.Until(fmt.Sprintf("IPv4 address for %s? (or 'autoconf' or 'none')", name), "autoconf", func(answer string) string {
		ip, _, err := net.ParseCIDR(answer)
		if err != nil {
			ip = net.ParseIP(answer)
		}
		if answer == "none" || answer == "autoconf" || ip != nil && ip.To4() != nil {
			return ""
		}
		return invalidAddress(answer)
	})
	if err != nil || net.ParseIP(address) == nil {
		return address, err
	}
	mask, err := s.Until(fmt.Sprintf("Netmask for %s?", name), "255.255.255.0", func(answer string) string {
		if ip := net.ParseIP(answer).To4(); ip == nil || maskBits(ip) < 0 {
			return fmt.Sprintf("'%s' is not a valid netmask.", answer)
		}
		return ""
	})
	return fmt.Sprintf("%s/%d", address, maskBits(net.ParseIP(mask).To4())), err
}

// maskBits: -1 for what is no mask.
func maskBits(mask net.IP) int {
	ones, bits := net.IPMask(mask).Size()
	if bits == 0 {
		return -1
	}
	return ones
}

func (s *Session) route(lease Lease) (err error) {
	static := false
	for _, iface := range s.answers.interfaces {
		static = static || strings.Contains(iface.address, "/")
	}
	// A router that DHCP has set is not asked about.
	if !static || lease.Router != "" {
		return nil
	}
	s.answers.router, err = s.Until("Default IPv4 route? (IPv4 address or 'none')", "", func(answer string) string {
		if answer != "none" && net.ParseIP(answer).To4() == nil {
			return invalidAddress(answer)
		}
		return ""
	})
	return err
}

func invalidAddress(answer string) string {
	return fmt.Sprintf("'%s' is not a valid IP address.", answer)
}
