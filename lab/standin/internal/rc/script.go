package rc

import (
	"fmt"
	"os"
	"syscall"

	"standin/internal/run"
)

// Script is an rc.d(8) script: [-df] start|stop|restart|reload|check|configtest.
func Script(name string, args []string) int {
	force := false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		for _, flag := range args[0][1:] {
			force = force || flag == 'f'
		}
		args = args[1:]
	}
	s, known := lookup(name)
	if len(args) != 1 || !known {
		fmt.Fprintf(os.Stderr, "usage: /etc/rc.d/%s [-df] start|stop|restart|reload|check|configtest\n", name)
		return 1
	}
	flags := Conf()[name+"_flags"]
	if args[0] != "check" && os.Geteuid() != 0 {
		fmt.Fprintf(os.Stderr, "/etc/rc.d/%s: need root privileges\n", name)
		return 1
	}
	disabled := flags == "NO"
	if disabled && (force || args[0] != "start") {
		flags = ""
	}
	switch args[0] {
	case "check":
		return result(name, s.running())
	case "configtest":
		if s.configtest == nil {
			fmt.Fprintf(os.Stderr, "/etc/rc.d/%s: configtest is not supported\n", name)
			return 1
		}
		return result(name, s.test(flags))
	case "start":
		if disabled && !force {
			fmt.Fprintf(os.Stderr, "/etc/rc.d/%s: need -f to force start since %s_flags=NO\n", name, name)
			return 1
		}
		return start(name, s, flags)
	case "stop":
		return stop(name, s)
	case "restart":
		if !s.test(flags) {
			return result(name, false)
		}
		if code := stop(name, s); code != 0 {
			return code
		}
		return Script(name, []string{"start"})
	case "reload":
		ok := s.running() && s.test(flags)
		if ok {
			s.signal(syscall.SIGHUP)
			refreshTags(name)
		}
		return result(name, ok)
	}
	fmt.Fprintf(os.Stderr, "usage: /etc/rc.d/%s [-df] start|stop|restart|reload|check|configtest\n", name)
	return 1
}

func start(name string, s service, flags string) int {
	if s.running() {
		return 0
	}
	ok := s.test(flags) && s.start(flags) == nil
	if ok {
		refreshTags(name)
	}
	return result(name, ok)
}

func stop(name string, s service) int {
	if !s.running() {
		return 0
	}
	if s.stop() {
		return result(name, true)
	}
	fmt.Printf("%s(killed)\n", name)
	return 0
}

func result(name string, ok bool) int {
	if ok {
		fmt.Println(name + "(ok)")
		return 0
	}
	fmt.Println(name + "(failed)")
	return 1
}

// refreshTags tells the packet filter which selectors carry which SA tag: in OpenBSD the SA brings its
// tag along, here it is looked up in the configuration that was just loaded.
func refreshTags(name string) {
	if name == "iked" || name == "isakmpd" {
		if _, err := run.Host("faces", "--satags"); err != nil {
			run.Errorf(name, "%v", err)
		}
	}
}
