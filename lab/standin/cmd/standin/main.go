// Command standin is every face of the stand-in OpenBSD guest in one program, chosen by the name it is
// called by. It runs on Linux and only answers as OpenBSD's commands do; the README lists what is real,
// what is emulated and what is refused.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"standin/internal/base"
	"standin/internal/ikedconf"
	"standin/internal/ipsecctl"
	"standin/internal/isakmpd"
	"standin/internal/netif"
	"standin/internal/pf"
	"standin/internal/power"
	"standin/internal/rc"
	"standin/internal/software"
	"standin/internal/syslog"
)

// faces by the path they have in OpenBSD.
var faces = map[string]func([]string) int{
	"/bin/hostname":        base.HostnameFace,
	"/bin/sha256":          base.Sha256,
	"/sbin/halt":           power.Halt,
	"/sbin/ifconfig":       netif.Ifconfig,
	"/sbin/ipsecctl":       ipsecctl.Main,
	"/sbin/isakmpd":        isakmpd.Main,
	"/sbin/pfctl":          pf.Main,
	"/sbin/reboot":         power.Reboot,
	"/sbin/resolvd":        base.Resolvd,
	"/sbin/route":          netif.Route,
	"/sbin/shutdown":       power.Shutdown,
	"/sbin/sysctl":         base.Sysctl,
	"/usr/sbin/ikectl":     ikedconf.Ikectl,
	"/usr/bin/getent":      base.Getent,
	"/usr/bin/install":     base.Install,
	"/usr/bin/logger":      syslog.Logger,
	"/usr/bin/machine":     base.MachineFace,
	"/usr/bin/netstat":     netif.Netstat,
	"/usr/bin/stat":        base.Stat,
	"/usr/bin/uname":       base.Uname,
	"/bin/df":              software.Df,
	"/usr/bin/what":        base.What,
	"/usr/sbin/pkg_add":    software.PkgAdd,
	"/usr/sbin/pkg_delete": software.PkgDelete,
	"/usr/sbin/pkg_info":   software.PkgInfo,
	"/usr/sbin/pwd_mkdb":   base.PwdMkdb,
	"/usr/sbin/rcctl":      rc.Rcctl,
	"/usr/sbin/syslogd":    syslog.Syslogd,
	"/usr/sbin/syspatch":   software.Syspatch,
	"/usr/sbin/sysupgrade": software.Sysupgrade,
	"/usr/sbin/fw_update":  base.Missing("fw_update"),
	"/usr/sbin/sysmerge":   software.Sysmerge,
	"/usr/bin/doas":        base.Missing("doas"),
	"/usr/bin/crontab":     base.Missing("crontab"),
}

// inner are the entries that only the guest's own scripts use.
var inner = map[string]func([]string) int{
	"--end":       power.End,
	"--host-keys": base.HostKeys,
	"--netstart":  netif.Netstart,
	"--ping":      base.Ping,
	"--satags":    pf.RefreshTags,
	"--addresses": pf.Refresh,
	"--boot":      base.Boot,
}

func main() {
	os.Exit(dispatch(os.Args))
}

func dispatch(args []string) int {
	name := filepath.Base(args[0])
	if strings.HasPrefix(args[0], "/etc/rc.d/") {
		return rc.Script(name, args[1:])
	}
	for path, face := range faces {
		if filepath.Base(path) == name {
			return face(args[1:])
		}
	}
	if len(args) > 1 {
		if args[1] == "--paths" {
			return printPaths()
		}
		if args[1] == "--rc.conf" {
			fmt.Print(rc.Defaults())
			return 0
		}
		if entry := inner[args[1]]; entry != nil {
			return entry(args[2:])
		}
	}
	fmt.Fprintf(os.Stderr, "%s: not in this stand-in\n", name)
	return 1
}

// printPaths lists where the image has to link this program.
func printPaths() int {
	var paths []string
	for path := range faces {
		paths = append(paths, path)
	}
	for _, name := range rc.Names() {
		paths = append(paths, "/etc/rc.d/"+name)
	}
	sort.Strings(paths)
	fmt.Println(strings.Join(paths, "\n"))
	return 0
}
