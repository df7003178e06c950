package flow

import "io"

// Machine is what the installer finds and changes around itself. Names are OpenBSD's: vio0, sd0, cd0.
type Machine interface {
	NICs() []NIC
	Disks() []Disk
	CDs() []string
	// ComSpeed is the speed of the serial console, bit/s; 0 when the console is a screen.
	ComSpeed() int
	Video() bool
	CPUs() int

	// Static gives an interface its address (prefix: 192.0.2.10/24).
	Static(nic, prefix string) error
	// Lease asks DHCP.
	Lease(nic string) (Lease, error)
	// Fetch reads a file: URL as the unprivileged user does who fetches for the installer.
	Fetch(url string) ([]byte, error)

	// Format partitions a disk, makes its file systems and mounts them on Root.
	Format(disk string) error
	// Root is the directory where the new system is mounted.
	Root() string
	// OpenCD mounts a CD and gives its directory.
	OpenCD(name string) (dir string, closed func(), err error)
	// InstallSet unpacks a set into Root, or puts a kernel there.
	InstallSet(name string, content io.Reader) error
	// Settle is called when the sets are there and the configuration comes.
	Settle() error
	BootBlocks(disk string) error
	// InstallSite runs /install.site with Root as its root, if there is one.
	InstallSite(out io.Writer) error
}

type NIC struct{ Name, MAC string }

type Disk struct {
	Name  string
	Bytes int64
	// HeldOpenBSD: it has a partition of OpenBSD's type.
	HeldOpenBSD bool
}

// Lease is what DHCP said; empty fields were not in it.
type Lease struct{ Address, Router, Domain, DNS string }
