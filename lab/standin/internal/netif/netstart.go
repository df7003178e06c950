package netif

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"standin/internal/run"
)

// Netstart is netstart(8) for the given interfaces, or for all /etc/hostname.if files, and for /etc/mygate.
// It ends with 0 whatever its commands end with, as the real one does.
func Netstart(args []string) int {
	if len(args) > 0 && args[0] == "-n" {
		return run.Errorf("netstart", "-n: not in this stand-in")
	}
	names := args
	if len(names) == 0 {
		files, _ := filepath.Glob("/etc/hostname.*")
		for _, f := range files {
			names = append(names, strings.TrimPrefix(f, "/etc/hostname."))
		}
		sort.Strings(names)
		if err := ip("link", "set", "lo", "up"); err != nil {
			run.Errorf("netstart", "%v", err)
		}
	}
	for _, name := range names {
		startInterface(name)
	}
	defaultRoute()
	return 0
}

func startInterface(name string) {
	path := "/etc/hostname." + name
	info, err := os.Stat(path)
	if err != nil {
		run.Errorf("netstart", "%s: No such file or directory.", path)
		return
	}
	if info.Mode().Perm()&0o007 != 0 {
		fmt.Fprintf(os.Stderr, "WARNING: %s is insecure, fixing permissions.\n", path)
		os.Chmod(path, 0o640)
		os.Chown(path, 0, 0)
	}
	if len(Take().Members(name)) == 0 && (!IsSec(name) || createSec(name) != nil) {
		run.Errorf("netstart", "create for '%s' failed.", name)
		return
	}
	for _, command := range commands(name, run.ReadLines(path)) {
		apply(name, command)
	}
}

// commands are what netstart makes of the lines of hostname.if(5): the third word of an inet line is its
// netmask and the fourth its broadcast address, whatever they look like; dest adds the peer's address to
// the command before it.
func commands(name string, lines []string) []string {
	var all []string
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		autoconf := len(words) > 1 && words[1] == "autoconf"
		address := 1
		if len(words) > 1 && words[1] == "alias" {
			address = 2
		}
		switch {
		case words[0] == "inet" || words[0] == "inet6":
			if len(words) == 1 {
				continue
			}
			if !autoconf && len(words) > address+1 {
				option := map[string]string{"inet": "netmask ", "inet6": "prefixlen "}[words[0]]
				words[address+1] = option + words[address+1]
			}
			if words[0] == "inet" && !autoconf && len(words) > address+2 {
				words[address+2] = "broadcast " + words[address+2]
				if strings.HasSuffix(words[address+2], "NONE") {
					words[address+2] = ""
				}
			}
			all = append(all, "ifconfig "+name+" "+strings.Join(words, " "))
		case words[0] == "dest":
			if len(words) == 2 && len(all) > 0 {
				all[len(all)-1] = withPeer(strings.Fields(all[len(all)-1]), words[1])
			}
		case words[0] == "dhcp":
			all = append(all, "ifconfig "+name+" inet autoconf")
		case strings.HasPrefix(words[0], "!"):
			all = append(all, strings.ReplaceAll(strings.Join(words, " ")[1:], "$if", name))
		default:
			all = append(all, "ifconfig "+name+" "+strings.Join(words, " "))
		}
	}
	return all
}

func withPeer(command []string, peer string) string {
	at := 3
	if len(command) > at && command[at] == "alias" {
		at++
	}
	if len(command) <= at {
		return strings.Join(append(command, peer), " ")
	}
	command[at] += " " + peer
	return strings.Join(command, " ")
}

// apply runs one command; what it says is all that is heard of a failure.
func apply(name, command string) {
	words := strings.Fields(command)
	if len(words) == 4 && words[0] == "ifconfig" && words[2] == "inet" && words[3] == "autoconf" {
		dhcp(name)
		return
	}
	if words[0] == "ifconfig" {
		Ifconfig(words[1:])
		return
	}
	cmd := exec.Command("/bin/sh", "-c", command)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Run()
}

// dhcp asks for a lease and stays in the background to keep it; a lease that does not come within a
// few seconds does not hold up the boot.
func dhcp(name string) {
	device := linuxName(name)
	pidFile := "/var/run/dhcp." + name + ".pid"
	if pid := run.ReadLines(pidFile); len(pid) > 0 {
		run.Busybox("kill", pid[0])
	}
	if err := ip("link", "set", device, "up"); err != nil {
		run.Errorf("netstart", "%s: %v", name, err)
		return
	}
	_, err := run.Busybox("udhcpc", "-i", device, "-b", "-t", "6", "-T", "1", "-A", "3", "-p", pidFile,
		"-s", run.HostDir+"dhcp", "-x", "hostname:"+shortHostname())
	if err != nil {
		run.Errorf("netstart", "%s: %v", name, err)
	}
}

func shortHostname() string {
	name, _ := os.Hostname()
	return strings.SplitN(name, ".", 2)[0]
}

func defaultRoute() {
	for _, line := range run.ReadLines("/etc/mygate") {
		gateway := strings.TrimSpace(strings.SplitN(line, "#", 2)[0])
		if gateway == "" {
			continue
		}
		args := []string{"route", "replace", "default", "via", gateway}
		if strings.Contains(gateway, ":") {
			args = append(args, static6...)
		}
		if err := ip(args...); err != nil {
			run.Errorf("netstart", "default route %s: %v", gateway, err)
		}
	}
}
