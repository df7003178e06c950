package isakmpd

import "strings"

type options struct {
	foreground bool
	noPolicy   bool // -K: no keynote policy file, everything that is configured is allowed
	passive    bool // -S: wait until told to be active
	verbose    bool
	config     string
	fifo       string
	pidFile    string
}

func parseOptions(args []string) (options, bool) {
	o := options{config: configFile, fifo: "/var/run/isakmpd.fifo", pidFile: "/var/run/isakmpd.pid"}
	for len(args) > 0 {
		if !strings.HasPrefix(args[0], "-") || args[0] == "-" {
			return o, false
		}
		flags := args[0][1:]
		args = args[1:]
		for i := 0; i < len(flags); i++ {
			switch flags[i] {
			case 'd':
				o.foreground = true
			case 'K':
				o.noPolicy = true
			case 'S':
				o.passive = true
			case 'v':
				o.verbose = true
			case '4', '6', 'a', 'L', 'n', 'T':
			case 'c', 'D', 'f', 'i', 'l', 'N', 'p', 'R':
				value := flags[i+1:]
				if value == "" {
					if len(args) == 0 {
						return o, false
					}
					value, args = args[0], args[1:]
				}
				switch flags[i] {
				case 'c':
					o.config = value
				case 'f':
					o.fifo = value
				case 'i':
					o.pidFile = value
				}
				i = len(flags)
			default:
				return o, false
			}
		}
	}
	return o, true
}
