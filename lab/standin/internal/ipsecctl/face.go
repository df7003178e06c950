// Package ipsecctl is ipsecctl(8): it loads ipsec.conf(5) into isakmpd through its FIFO and shows the
// kernel's flows and SAs.
//
// It does not do: -m, -k (keys are never shown), manual SAs, and manual flows but those of type bypass.
package ipsecctl

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"standin/internal/ipsecconf"
	"standin/internal/netif"
	"standin/internal/run"
	"standin/internal/xfrm"
)

type options struct {
	remove, flush, check, collapse bool
	verbose                        int
	file, show, fifo               string
	macros                         map[string]string
}

func usage() int {
	fmt.Fprint(os.Stderr, "usage: ipsecctl [-cdFkmnv] [-D macro=value] [-f file] [-i fifo] [-s modifier]\n")
	return 1
}

func fail(format string, args ...interface{}) int { return run.Errorf("ipsecctl", format, args...) }

// Main is ipsecctl(8).
func Main(args []string) int {
	o := options{fifo: "/var/run/isakmpd.fifo", macros: map[string]string{}}
	if len(args) == 0 || !o.parse(args) {
		return usage()
	}
	if os.Geteuid() != 0 && !o.check {
		return fail("need root privileges")
	}
	if o.flush {
		for _, what := range []string{"state", "policy"} {
			if _, err := run.Host("ip", "xfrm", what, "flush"); err != nil {
				return fail("flush: %v", err)
			}
		}
	}
	code := 0
	if o.file != "" {
		code = o.load()
	}
	if o.show != "" {
		return o.showing()
	}
	return code
}

func (o *options) parse(args []string) bool {
	for len(args) > 0 {
		if !strings.HasPrefix(args[0], "-") || args[0] == "-" {
			return false
		}
		flags := args[0][1:]
		args = args[1:]
		for i := 0; i < len(flags); i++ {
			value := ""
			if strings.IndexByte("Dfis", flags[i]) >= 0 {
				value = flags[i+1:]
				if value == "" {
					if len(args) == 0 {
						return false
					}
					value, args = args[0], args[1:]
				}
			}
			switch flags[i] {
			case 'd':
				o.remove = true
			case 'F':
				o.flush = true
			case 'n':
				o.check = true
			case 'v':
				o.verbose++
			case 'c':
				o.collapse = true
			case 'f':
				o.file = value
			case 'i':
				o.fifo = value
			case 's':
				o.show = value
			case 'D':
				equals := strings.IndexByte(value, '=')
				if equals < 1 {
					return false
				}
				o.macros[value[:equals]] = value[equals+1:]
			case 'k':
			default:
				return false
			}
			if value != "" {
				break
			}
		}
	}
	return true
}

// secret refuses a file that others could read or change, or that belongs to somebody else.
func secret(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("%s: No such file or directory", path)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 && int(st.Uid) != os.Getuid() {
		return fmt.Errorf("%s: owner not root or current user", path)
	}
	if info.Mode().Perm()&0o037 != 0 {
		return fmt.Errorf("%s: group writable or world read/writable", path)
	}
	return nil
}

func (o *options) load() int {
	name := o.file
	var text []byte
	var err error
	if name == "-" {
		name = "stdin"
		text, err = io.ReadAll(os.Stdin)
	} else {
		if err := secret(name); err != nil {
			fail("%v", err)
			return fail("Syntax error in config file: ipsec rules not loaded")
		}
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return fail("%s: %v", name, errors.Unwrap(err))
	}
	parsed, err := ipsecconf.Parse(name, string(text), o.macros, netif.Take().Addresses)
	if err != nil {
		return fail("%v", err)
	}
	var lines []string
	problems := 0
	var bypasses []xfrm.Bypass
	for _, one := range parsed.Bypasses {
		bypass := xfrm.Bypass{From: one.From, To: one.To}
		bypasses = append(bypasses, bypass)
		if o.verbose > 0 {
			fmt.Println(bypass.Lines())
		}
	}
	for _, rule := range parsed.Rules {
		commands, problem := rule.Establish()
		if problem != "" {
			fail("%s", problem)
			problems++
		}
		if o.remove {
			commands, problem = rule.Delete(), ""
		}
		if problem == "" {
			lines = append(lines, commands...)
		}
		// Printed also for a file that is refused further down, with the secrets in it.
		if o.verbose > 0 {
			fmt.Println(strings.Join(commands, "\n"))
		}
	}
	for _, line := range parsed.Errors {
		fmt.Fprintln(os.Stderr, line)
	}
	if len(parsed.Errors) > 0 {
		return fail("Syntax error in config file: ipsec rules not loaded")
	}
	if o.check {
		return 0
	}
	problems += o.apply(bypasses)
	if len(lines) > 0 {
		if err := o.send(lines); err != nil {
			return fail("%v", err)
		}
	}
	if problems > 0 {
		return fail("failed to add %d rules", problems)
	}
	return 0
}

// apply loads or removes the flows, and says of how many it could not.
func (o *options) apply(bypasses []xfrm.Bypass) int {
	problems := 0
	for _, bypass := range bypasses {
		act := bypass.Load
		if o.remove {
			act = bypass.Remove
		}
		if err := act(); err != nil {
			fail("PF_KEY failed: %v", err)
			problems++
		}
	}
	return problems
}

func (o *options) send(lines []string) error {
	fifo, err := os.OpenFile(o.fifo, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		reason := "No such file or directory"
		if errors.Is(err, syscall.ENXIO) {
			reason = "Device not configured"
		}
		return fmt.Errorf("ike_ipsec_establish: open(%s): %s", o.fifo, reason)
	}
	defer fifo.Close()
	for _, line := range lines {
		if _, err := io.WriteString(fifo, line+"\n"); err != nil {
			return fmt.Errorf("ike_ipsec_establish: write(%s): %v", o.fifo, err)
		}
	}
	return nil
}

func (o *options) showing() int {
	modifier := ""
	for _, name := range []string{"all", "flow", "sa"} {
		if strings.HasPrefix(name, o.show) {
			modifier = name
			break
		}
	}
	if modifier == "" {
		fail("Unknown show modifier '%s'", o.show)
		return usage()
	}
	var flows []xfrm.Flow
	var sas []xfrm.SA
	var err error
	if modifier != "sa" {
		if flows, err = xfrm.Flows(); err != nil {
			return fail("%v", err)
		}
	}
	if modifier != "flow" {
		if sas, err = xfrm.SAs(); err != nil {
			return fail("%v", err)
		}
	}
	ids := identities()
	if modifier == "all" {
		fmt.Println("FLOWS:")
		if len(flows) == 0 {
			fmt.Println("No flows")
		}
	}
	if modifier != "sa" {
		for i, f := range flows {
			fmt.Println(o.number(i) + f.Print(ids.flow(f)))
		}
	}
	if modifier == "all" {
		fmt.Println("\nSAD:")
		if len(sas) == 0 {
			fmt.Println("No entries")
		}
	}
	if modifier != "flow" {
		for _, sa := range sas {
			// ipsecctl numbers flows only: each SA is @0.
			fmt.Println(o.number(0) + sa.String())
			if o.verbose > 1 {
				fmt.Print(sa.Verbose(ids.sa(sa)))
			}
		}
	}
	return 0
}

func (o *options) number(i int) string {
	if o.verbose > 1 {
		return fmt.Sprintf("@%d ", i)
	}
	return ""
}
