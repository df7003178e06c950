package rc

import (
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"

	"standin/internal/run"
)

func fail(format string, args ...interface{}) int { return run.Errorf("rcctl", format, args...) }

func usage() int {
	fmt.Fprint(os.Stderr, "usage:\trcctl get|getdef|set service | daemon [variable [argument ...]]\n"+
		"\trcctl [-df] start|stop|restart|reload|check|configtest daemon ...\n"+
		"\trcctl disable|enable|order [daemon ...]\n"+
		"\trcctl ls all|failed|off|on|rogue|started|stopped\n")
	return 1
}

func available(name string) bool {
	_, daemon := lookup(name)
	_, special := specials[name]
	return daemon || special
}

var variables = map[string]string{"class": "daemon", "execdir": "", "flags": "", "logger": "",
	"rtable": "0", "status": "", "timeout": "30", "user": "root"}

// Rcctl is rcctl(8).
func Rcctl(args []string) int {
	var options []string
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		if strings.Trim(args[0][1:], "dfq") != "" {
			return usage()
		}
		options, args = append(options, args[0]), args[1:]
	}
	if len(args) == 0 {
		return usage()
	}
	action, names := args[0], args[1:]
	switch action {
	case "ls":
		if len(names) != 1 {
			return usage()
		}
		return list(names[0])
	case "enable", "disable", "start", "stop", "restart", "reload", "check", "configtest":
		if len(names) == 0 {
			return usage()
		}
	case "get", "getdef", "set":
		if len(names) == 0 || action == "set" && len(names) < 2 {
			return usage()
		}
		if action != "set" && names[0] == "all" {
			return getAll(action)
		}
		if len(names) > 1 {
			if _, known := variables[names[1]]; !known {
				return usage()
			}
		}
	default:
		return usage()
	}
	code := 0
	checked := names
	if strings.HasPrefix(action, "get") || action == "set" {
		checked = names[:1]
	}
	for _, name := range checked {
		if !available(name) {
			fail("service %s does not exist", name)
			return 2
		}
	}
	switch action {
	case "get", "getdef":
		return get(action, names)
	case "set":
		return set(names[0], names[1], strings.Join(names[2:], " "))
	}
	for _, name := range names {
		var one int
		switch _, special := specials[name]; {
		case action == "enable":
			one = set(name, "status", "on")
		case action == "disable":
			one = set(name, "status", "off")
		case special:
			one = fail("\"%s\" is a special variable, no rc.d(8) script", name)
		default:
			one = Script(name, append(append([]string{}, options...), action))
		}
		if one != 0 {
			code = one
		}
	}
	return code
}

func get(action string, names []string) int {
	name := names[0]
	conf := Conf()
	if action == "getdef" {
		conf = defaults()
	}
	_, special := specials[name]
	flags := conf[name+"_flags"]
	if special {
		flags = conf[name]
	}
	status := 0
	if flags == "NO" {
		status = 1
	}
	if action == "getdef" && !special {
		flags = ""
	}
	if len(names) == 1 {
		printAll(name, special, flags)
		return status
	}
	switch variable := names[1]; {
	case variable == "status":
		return status
	case variable == "flags":
		if flags != "" {
			fmt.Println(flags)
		}
	case special:
		return fail("\"%s\" is a special variable, cannot \"%s %s\"", name, action, variable)
	default:
		if value := variables[variable]; value != "" {
			fmt.Println(value)
		}
	}
	return 0
}

func printAll(name string, special bool, flags string) {
	if special {
		fmt.Println(name + "=" + flags)
		return
	}
	for _, variable := range []string{"class", "execdir", "flags", "logger", "rtable", "timeout", "user"} {
		value := variables[variable]
		if variable == "flags" {
			value = flags
		}
		fmt.Println(name + "_" + variable + "=" + value)
	}
}

func getAll(action string) int {
	for _, name := range allNames() {
		get(action, []string{name})
	}
	return 0
}

func set(name, variable, value string) int {
	if os.Geteuid() != 0 {
		return fail("\"set %s %s %s\" needs root privileges", name, variable, value)
	}
	line, drop, problem := plan(Conf(), defaults(), name, variable, value)
	if s, _ := lookup(name); s.added && variable == "status" {
		line, drop = planAdded(Conf(), name, value)
	}
	if problem != "" {
		return fail("%s", problem)
	}
	if err := edit(regexp.MustCompile(drop), line); err != nil {
		return fail("%v", err)
	}
	return 0
}

// plan decides what a change does to rc.conf.local: lines that match drop go, line comes unless it is "".
func plan(conf, byDefault map[string]string, name, variable, value string) (line, drop, problem string) {
	_, special := specials[name]
	if variable == "flags" && value == "NO" {
		return "", "", "\"flags NO\" contradicts \"set\""
	}
	if special && variable != "status" {
		return "", "", fmt.Sprintf("\"%s\" is a special variable, cannot \"set %s\"", name, variable)
	}
	key := name + "_flags"
	if special {
		key = name
	}
	drop = "^" + regexp.QuoteMeta(key) + ".*="
	switch {
	case variable == "status" && value == "on":
		current := conf[key]
		switch {
		case special && byDefault[key] == "NO":
			line = key + "=YES"
		case !special && (byDefault[key] == "NO" || current != "NO" && current != ""):
			line = key + "=" + strings.TrimPrefix(current, "NO")
		}
	case variable == "status" && value == "off":
		if byDefault[key] != "NO" {
			line = key + "=NO"
		}
		if !special {
			drop = "^" + regexp.QuoteMeta(name) + "_(execdir|flags|logger|rtable|timeout|user).*="
		}
	case variable == "status":
		problem = fmt.Sprintf("invalid status \"%s\"", value)
	case conf[key] == "NO":
		problem = name + " is not enabled"
	case variable == "flags":
		if value != "" || byDefault[key] == "NO" {
			line = key + "=" + value
		}
	default:
		problem = "set " + variable + ": not in this stand-in"
	}
	return line, drop, problem
}

func allNames() []string {
	var names []string
	for name := range services {
		names = append(names, name)
	}
	names = append(names, addedNames()...)
	for name := range specials {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func list(what string) int {
	conf, code := Conf(), 0
	for _, name := range allNames() {
		s, daemon := lookup(name)
		enabled := conf[name+"_flags"] != "NO"
		if !daemon {
			enabled = conf[name] != "NO"
		}
		var show bool
		switch what {
		case "all":
			show = true
		case "on":
			show = enabled
		case "off":
			show = !enabled
		case "started":
			show = daemon && s.running()
		case "stopped":
			show = daemon && !s.running()
		case "failed":
			show = daemon && enabled && !s.absent && !s.running()
		case "rogue":
			show = daemon && !enabled && s.running()
		default:
			return usage()
		}
		if show {
			fmt.Println(name)
			if what == "failed" || what == "rogue" {
				code = 1
			}
		}
	}
	return code
}
