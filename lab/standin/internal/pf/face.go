package pf

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"standin/internal/netif"
	"standin/internal/run"
)

type options struct {
	enable, disable, check, quiet bool
	verbose                       int
	file, show, flush             string
	table, command, anchor        string
	kill                          []string
	macros                        map[string]string
	rest                          []string
}

func usage() int {
	fmt.Fprint(os.Stderr, "usage: pfctl [-deghNnPqrvz] [-a anchor] [-D macro=value] [-F modifier]\n"+
		"\t[-f file] [-i interface] [-K key] [-k key] [-L statefile] [-o level]\n"+
		"\t[-p device] [-S statefile] [-s modifier [-R id]]\n"+
		"\t[-t table -T command [address ...]] [-V rdomain] [-x level]\n")
	return 1
}

func fail(format string, args ...interface{}) int { return run.Errorf("pfctl", format, args...) }

func parseOptions(args []string) (options, bool) {
	o := options{macros: map[string]string{}}
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "-" {
		flags := args[0][1:]
		args = args[1:]
		for i := 0; i < len(flags); i++ {
			value := ""
			if strings.IndexByte("aDFfiKkLopSstTVxR", flags[i]) >= 0 {
				value = flags[i+1:]
				if value == "" {
					if len(args) == 0 {
						return o, false
					}
					value, args = args[0], args[1:]
				}
			}
			switch flags[i] {
			case 'e':
				o.enable = true
			case 'd':
				o.disable = true
			case 'n':
				o.check = true
			case 'q':
				o.quiet = true
			case 'v':
				o.verbose++
			case 'f':
				o.file = value
			case 's':
				o.show = value
			case 'F':
				o.flush = value
			case 't':
				o.table = value
			case 'T':
				o.command = value
			case 'k':
				o.kill = append(o.kill, value)
			case 'a':
				o.anchor = value
			case 'D':
				name, text, found := strings.Cut(value, "=")
				if !found {
					return o, false
				}
				o.macros[name] = text
			case 'i', 'o', 'p', 'x', 'g', 'h', 'N', 'P', 'r', 'z', 'V', 'R':
			default:
				return o, false
			}
			if value != "" {
				break
			}
		}
	}
	o.rest = args
	return o, true
}

// Main is pfctl(8).
func Main(args []string) int {
	o, ok := parseOptions(args)
	if !ok || len(args) == 0 || len(o.rest) > 0 && o.command == "" {
		return usage()
	}
	if o.check {
		return o.checkOnly()
	}
	if os.Geteuid() != 0 {
		return fail("/dev/pf: Permission denied")
	}
	s, done, err := open()
	if err != nil {
		return fail("%v", err)
	}
	defer done()
	if o.anchor != "" {
		return o.inAnchor(s)
	}
	steps := []struct {
		wanted bool
		do     func(*state) int
	}{
		{o.disable, o.turnOff}, {o.show != "", o.showing}, {o.flush != "", o.flushing}, {len(o.kill) > 0, o.killing},
		{o.command != "", o.tableCommand}, {o.file != "", o.loading}, {o.enable, o.turnOn},
	}
	for _, step := range steps {
		if !step.wanted {
			continue
		}
		if code := step.do(s); code != 0 {
			return code
		}
	}
	return 0
}

// parse reads the file of -f and prints its errors.
func (o options) parse() (*Config, int) {
	name, text := o.file, []byte(nil)
	var err error
	if name == "-" {
		name = "stdin"
		text, err = io.ReadAll(os.Stdin)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, fail("%s: No such file or directory\npfctl: cannot open the main config file!: No such file or directory\n"+
			"pfctl: Syntax error in config file: pf rules not loaded", name)
	}
	config, problems := o.rules(name, string(text))
	if len(problems) > 0 {
		return nil, fail("Syntax error in config file: pf rules not loaded")
	}
	if !o.loadAnchors(config) {
		return nil, fail("load anchors")
	}
	return config, 0
}

// rules are those of one file, with its errors, and printed with -v.
func (o options) rules(name, text string) (*Config, []string) {
	config, problems := Parse(name, text, o.macros, Resolver{InterfaceAddresses: netif.Take().Addresses, LookupHost: net.LookupHost})
	for _, problem := range problems {
		fmt.Fprintln(os.Stderr, problem)
	}
	if o.verbose > 0 && len(problems) == 0 {
		for i, r := range config.Rules {
			if o.verbose > 1 {
				fmt.Printf("@%d ", i)
			}
			fmt.Println(r)
		}
	}
	return config, problems
}

func (o options) checkOnly() int {
	if o.file == "" {
		return 0
	}
	_, code := o.parse()
	return code
}

func (o options) loading(s *state) int {
	config, code := o.parse()
	if code != 0 {
		return code
	}
	if err := s.load(config); err != nil {
		return fail("DIOCXCOMMIT: %v", err)
	}
	return 0
}

func (o options) say(format string, args ...interface{}) {
	if !o.quiet {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
	}
}

func (o options) turnOn(s *state) int {
	if s.Enabled {
		return fail("pf already enabled")
	}
	s.Enabled, s.Since = true, time.Now()
	if err := s.apply(); err != nil {
		return fail("%v", err)
	}
	o.say("pf enabled")
	return 0
}

func (o options) turnOff(s *state) int {
	if !s.Enabled {
		return fail("pf not enabled")
	}
	s.Enabled, s.Since = false, time.Now()
	if err := s.apply(); err != nil {
		return fail("%v", err)
	}
	o.say("pf disabled")
	return 0
}

func (o options) flushing(s *state) int {
	what := strings.ToLower(o.flush)
	matches := func(name string) bool { return strings.HasPrefix(name, what) || what == "all" }
	done := false
	if matches("rules") {
		done = true
		if err := s.load(&Config{BlockPolicy: "drop", Tables: s.Config.Tables}); err != nil {
			return fail("%v", err)
		}
		o.say("rules cleared")
	}
	if matches("states") {
		done = true
		count := connections()
		run.Host("conntrack", "-F")
		o.say("%d states cleared", count)
	}
	if !done && !strings.HasPrefix("info", what) && !strings.HasPrefix("tables", what) {
		return fail("Unknown flush modifier '%s'", o.flush)
	}
	return 0
}

// killing is -k SOURCE [-k DESTINATION].
func (o options) killing(*state) int {
	args := []string{"-D"}
	for i, host := range o.kill {
		if i < 2 && host != "0.0.0.0/0" {
			args = append(args, []string{"-s", "-d"}[i], host)
		}
	}
	before := connections()
	run.Host("conntrack", args...)
	killed := before - connections()
	if killed < 0 {
		killed = 0
	}
	o.say("killed %d states from %d sources and %d destinations", killed, 1, len(o.kill)-1)
	return 0
}
