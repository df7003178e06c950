package rc

import (
	"os"
	"path/filepath"
	"strings"

	"standin/internal/lazy"
	"standin/internal/run"
)

// scriptDir holds, beside the links to this program, the rc.d scripts that were added to the system.
const scriptDir = "/etc/rc.d/"

var scriptLine = lazy.Regexp(`^(daemon|daemon_flags|pexp|rc_bg)="?([^"]*)"?$`)

// lookup finds a service by name: OpenBSD's own, or one with a script of its own in /etc/rc.d, of which
// daemon, daemon_flags, pexp and rc_bg are understood.
func lookup(name string) (service, bool) {
	if s, known := services[name]; known {
		return s, true
	}
	path := scriptDir + name
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return service{}, false
	}
	return readScript(run.ReadLines(path)), true
}

func readScript(lines []string) service {
	values := map[string]string{}
	for _, line := range lines {
		if m := scriptLine().FindStringSubmatch(line); m != nil {
			values[m[1]] = m[2]
		}
	}
	expand := strings.NewReplacer("${daemon}", values["daemon"], "${daemon_flags}", values["daemon_flags"])
	s := service{daemon: values["daemon"], flags: values["daemon_flags"], added: true,
		background: values["rc_bg"] == "YES", pexp: expand.Replace(values["pexp"])}
	if s.pexp == "" {
		s.pexp = strings.TrimSpace(s.daemon + " " + s.flags)
	}
	return s
}

// addedNames lists the services with a script of their own.
func addedNames() []string {
	var names []string
	paths, _ := filepath.Glob(scriptDir + "*")
	for _, path := range paths {
		name := filepath.Base(path)
		if s, known := lookup(name); known && s.added {
			names = append(names, name)
		}
	}
	return names
}

// addedFlags completes a configuration: an added service runs when pkg_scripts names it.
func addedFlags(conf map[string]string) {
	on := map[string]bool{}
	for _, name := range strings.Fields(conf["pkg_scripts"]) {
		on[name] = true
	}
	for _, name := range addedNames() {
		s, _ := lookup(name)
		if _, set := conf[name+"_flags"]; !on[name] {
			conf[name+"_flags"] = "NO"
		} else if !set {
			conf[name+"_flags"] = s.flags
		}
	}
}

// planAdded is plan for an added service: its status is a word of pkg_scripts.
func planAdded(conf map[string]string, name, value string) (line, drop string) {
	var kept []string
	for _, other := range strings.Fields(conf["pkg_scripts"]) {
		if other != name {
			kept = append(kept, other)
		}
	}
	if value == "on" {
		kept = append(kept, name)
	}
	if len(kept) > 0 {
		line = "pkg_scripts=" + strings.Join(kept, " ")
	}
	return line, "^pkg_scripts.*="
}
