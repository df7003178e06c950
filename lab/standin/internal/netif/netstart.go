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

// Netstart is netstart(8) for the given interfaces, or for all /etc/hostname.if files and /etc/mygate.
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
	code := 0
	for _, name := range names {
		if startInterface(name) != 0 {
			code = 1
		}
	}
	if len(args) == 0 {
		defaultRoute()
	}
	return code
}

func startInterface(name string) int {
	path := "/etc/hostname." + name
	info, err := os.Stat(path)
	if err != nil {
		return run.Errorf("netstart", "%s: No such file or directory", path)
	}
	if info.Mode().Perm()&0o007 != 0 {
		fmt.Fprintf(os.Stderr, "WARNING: %s is insecure, fixing permissions.\n", path)
		os.Chmod(path, 0o640)
		os.Chown(path, 0, 0)
	}
	if len(Take().Members(name)) == 0 {
		return run.Errorf("ifconfig", "%s: no such interface", name)
	}
	code := 0
	for _, line := range run.ReadLines(path) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !startLine(name, line) {
			code = 1
		}
	}
	return code
}

// startLine applies one line of hostname.if(5).
func startLine(name, line string) bool {
	if strings.HasPrefix(line, "!") {
		command := strings.ReplaceAll(line[1:], "$if", name)
		cmd := exec.Command("/bin/sh", "-c", command)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		return cmd.Run() == nil
	}
	words := strings.Fields(line)
	switch {
	case line == "dhcp" || line == "autoconf" || len(words) > 1 && words[0] == "inet" && words[1] == "autoconf":
		return dhcp(name)
	case words[0] == "dest" && len(words) == 2:
		return true
	case words[0] == "inet6" && len(words) > 1 && (words[1] == "autoconf" || words[1] == "eui64"):
		return true
	}
	return configure(name, words) == 0
}

// dhcp asks for a lease and stays in the background to keep it; a lease that does not come within a
// few seconds does not hold up the boot.
func dhcp(name string) bool {
	device := linuxName(name)
	pidFile := "/var/run/dhcp." + name + ".pid"
	if pid := run.ReadLines(pidFile); len(pid) > 0 {
		run.Busybox("kill", pid[0])
	}
	if err := ip("link", "set", device, "up"); err != nil {
		run.Errorf("netstart", "%s: %v", name, err)
		return false
	}
	_, err := run.Busybox("udhcpc", "-i", device, "-b", "-t", "6", "-T", "1", "-A", "3", "-p", pidFile,
		"-s", run.HostDir+"dhcp", "-x", "hostname:"+shortHostname())
	if err != nil {
		run.Errorf("netstart", "%s: %v", name, err)
	}
	return err == nil
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
		if err := ip("route", "replace", "default", "via", gateway); err != nil {
			run.Errorf("netstart", "default route %s: %v", gateway, err)
		}
	}
}
