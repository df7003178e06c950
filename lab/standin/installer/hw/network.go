package hw

import (
	"fmt"
	"os"
	"strings"

	"standin/installer/flow"
)

// Static also brings the interface up: install.site may want to use the network.
func (*Linux) Static(nic, prefix string) error {
	device := linuxNIC(nic)
	if err := busybox("ip", "addr", "add", prefix, "dev", device); err != nil {
		return err
	}
	return busybox("ip", "link", "set", device, "up")
}

// Lease asks for a few seconds.
func (*Linux) Lease(nic string) (flow.Lease, error) {
	device, file := linuxNIC(nic), "/tmp/lease."+nic
	if err := busybox("ip", "link", "set", device, "up"); err != nil {
		return flow.Lease{}, err
	}
	os.Remove(file)
	if err := busybox("udhcpc", "-f", "-n", "-q", "-i", device, "-t", "6", "-T", "1", "-s", Tools+"lease"); err != nil {
		return flow.Lease{}, fmt.Errorf("no DHCP lease")
	}
	values := map[string]string{}
	for _, line := range strings.Split(read(file), "\n") {
		key, value, _ := strings.Cut(line, "=")
		values[key] = value
	}
	return flow.Lease{Address: values["address"], Router: values["router"], Domain: values["domain"], DNS: values["dns"]}, nil
}

// Fetch reads what everybody may read: the installer fetches as a user without rights.
func (*Linux) Fetch(url string) ([]byte, error) {
	path, local := strings.CutPrefix(url, "file:")
	if !local {
		return nil, fmt.Errorf("ftp: %s: only file: is in this stand-in", url)
	}
	path = "/" + strings.TrimLeft(path, "/")
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("ftp: %s: No such file or directory", path)
	}
	if info.Mode().Perm()&0o004 == 0 {
		return nil, fmt.Errorf("ftp: %s: Permission denied", path)
	}
	return os.ReadFile(path)
}
