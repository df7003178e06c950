// Package rc is rcctl(8), the rc.d(8) scripts and the parser of rc.conf(8).
//
// It does not do: what packages' scripts do beyond starting a daemon, login classes, routing tables, timeouts and users of services.
package rc

import (
	"regexp"
	"sort"
	"strings"

	"standin/internal/lazy"
	"standin/internal/run"
)

// LocalFile is where every change goes.
const LocalFile = "/etc/rc.conf.local"

var (
	assignment  = lazy.Regexp(`^([^!#=\s][^=]*?)[ \t]*=[ \t]*(.*)$`)
	allowedKeys = lazy.Regexp(`^(.*_(execdir|flags|logger|rtable|timeout|user)|accounting|check_quotas|ipsec|library_aslr|multicast|nfs_server|pexp|pf|pkg_scripts|shlib_dirs|spamd_black)$`)
)

// parseConf reads name=value lines; other lines are ignored, as rc.subr ignores them.
func parseConf(lines []string, into map[string]string) {
	for _, line := range lines {
		m := assignment().FindStringSubmatch(strings.Trim(line, " \t"))
		if m == nil || !allowedKeys().MatchString(m[1]) {
			continue
		}
		value := m[2]
		if hash := strings.IndexByte(value, '#'); hash >= 0 {
			value = value[:hash]
		}
		value = strings.TrimRight(value, " \t")
		if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		into[m[1]] = value
	}
}

// Conf returns the effective rc.conf: the defaults, then rc.conf.local.
func Conf() map[string]string {
	conf := defaults()
	parseConf(run.ReadLines(LocalFile), conf)
	addedFlags(conf)
	return conf
}

func defaults() map[string]string {
	conf := map[string]string{}
	for name, s := range services {
		conf[name+"_flags"] = "NO"
		if s.enabled {
			conf[name+"_flags"] = ""
		}
	}
	for name, value := range specials {
		conf[name] = value
	}
	return conf
}

// Defaults is the text of /etc/rc.conf: every service and what it is by default.
func Defaults() string {
	var lines []string
	for name, value := range defaults() {
		lines = append(lines, name+"="+value+"\n")
	}
	sort.Strings(lines)
	return strings.Join(lines, "")
}

func edit(drop *regexp.Regexp, add string) error {
	lines := edited(run.ReadLines(LocalFile), drop, add)
	if len(lines) == 0 {
		return removeLocal()
	}
	return run.WriteFile(LocalFile, strings.Join(lines, "\n")+"\n", 0o644)
}

// edited drops the lines that match, adds one unless it is "", and sorts as rcctl does.
func edited(lines []string, drop *regexp.Regexp, add string) []string {
	seen := map[string]bool{"": true}
	var out []string
	keep := func(line string) {
		if !seen[line] {
			seen[line] = true
			out = append(out, line)
		}
	}
	for _, line := range lines {
		if !drop.MatchString(line) {
			keep(line)
		}
	}
	keep(add)
	sort.Strings(out)
	return out
}
