package rc

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"standin/internal/run"
)

// service is what rc.d(8) knows of a daemon.
type service struct {
	daemon     string
	enabled    bool     // by default, in rc.conf
	extra      []string // arguments that OpenBSD's build has compiled in
	configtest []string
	preload    string // what makes a Linux program behave as OpenBSD's
	// Of a service with an rc.d script of its own (local.go): its default flags, how its process is
	// known, and whether rc.d puts it into the background.
	flags, pexp       string
	added, background bool
	// absent: the daemon can be enabled and asked about, but there is none to start.
	absent bool
}

// shellPath is what OpenBSD's sshd gives to a command that is run without a login shell.
const shellPath = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/X11R6/bin:/usr/local/bin:/usr/local/sbin"

var services = map[string]service{
	"iked":    {daemon: "/sbin/iked", configtest: []string{"-n"}, preload: run.HostDir + "iked.so"},
	"isakmpd": {daemon: "/sbin/isakmpd"},
	"sshd": {daemon: "/usr/sbin/sshd", enabled: true, configtest: []string{"-t"},
		extra: []string{"-o", "SetEnv=PATH=" + shellPath}},
	"syslogd":    {daemon: "/usr/sbin/syslogd", enabled: true},
	"ntpd":       {daemon: "/usr/sbin/ntpd", enabled: true, absent: true},
	"cron":       {daemon: "/usr/sbin/cron", enabled: true, absent: true},
	"dhcpleased": {daemon: "/sbin/dhcpleased", enabled: true, absent: true},
	"pflogd":     {daemon: "/sbin/pflogd", enabled: true, absent: true},
	"resolvd":    {daemon: "/sbin/resolvd", enabled: true},
	"slaacd":     {daemon: "/sbin/slaacd", enabled: true, absent: true},
	"smtpd":      {daemon: "/usr/sbin/smtpd", enabled: true, absent: true},
	"sndiod":     {daemon: "/usr/bin/sndiod", enabled: true, absent: true},
	"sasyncd":    {daemon: "/usr/sbin/sasyncd", absent: true},
	"unbound":    {daemon: "/usr/sbin/unbound", absent: true},
	"snmpd":      {daemon: "/usr/sbin/snmpd", absent: true},
	"bgpd":       {daemon: "/usr/sbin/bgpd", absent: true},
	"ospfd":      {daemon: "/usr/sbin/ospfd", absent: true},
	"dhcpd":      {daemon: "/usr/sbin/dhcpd", absent: true},
	"httpd":      {daemon: "/usr/sbin/httpd", absent: true},
	"relayd":     {daemon: "/usr/sbin/relayd", absent: true},
}

// specials are the variables that rcctl handles like services.
var specials = map[string]string{"accounting": "NO", "check_quotas": "YES", "ipsec": "NO",
	"library_aslr": "YES", "multicast": "NO", "pf": "YES", "spamd_black": "NO"}

func removeLocal() error {
	if err := os.Remove(LocalFile); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// pids returns the parents of a daemon: its processes whose own parent is not one of them.
func (s service) pids() []int {
	if s.absent {
		return nil
	}
	parents := map[int]int{}
	entries, _ := filepath.Glob("/proc/[0-9]*")
	for _, entry := range entries {
		pid, _ := strconv.Atoi(filepath.Base(entry))
		if pid == os.Getpid() || !s.owns(entry) {
			continue
		}
		parents[pid] = parentOf(entry)
	}
	var out []int
	for pid, parent := range parents {
		if _, inside := parents[parent]; !inside {
			out = append(out, pid)
		}
	}
	return out
}

// owns reports whether a process is this daemon: the same program, or for a face its name, and for sshd
// the listener only, so that a stop does not end the session that asked for it.
func (s service) owns(entry string) bool {
	target, err := os.Readlink(entry + "/exe")
	if err != nil {
		return false
	}
	command, _ := os.ReadFile(entry + "/cmdline")
	if s.added {
		return strings.ReplaceAll(strings.TrimRight(string(command), "\x00"), "\x00", " ") == s.pexp
	}
	first := strings.SplitN(string(command), "\x00", 2)[0]
	if target == run.HostDir+"faces" {
		return filepath.Base(first) == filepath.Base(s.daemon)
	}
	return target == s.daemon && (s.daemon != "/usr/sbin/sshd" || parentOf(entry) == 1 && !strings.Contains(first, "@"))
}

func parentOf(entry string) int {
	stat, err := os.ReadFile(entry + "/stat")
	if err != nil {
		return 0
	}
	text := string(stat)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(fields[1])
	return parent
}

func (s service) running() bool { return len(s.pids()) > 0 }

// test is rc_configtest; a service without one passes.
func (s service) test(flags string) bool {
	if s.configtest == nil {
		return true
	}
	cmd := exec.Command(s.daemon, append(append([]string{}, s.configtest...), strings.Fields(flags)...)...)
	cmd.Env = append(os.Environ(), s.preloaded()...)
	return cmd.Run() == nil
}

func (s service) preloaded() []string {
	if s.preload == "" {
		return nil
	}
	return []string{"LD_PRELOAD=" + s.preload}
}

func (s service) start(flags string) error {
	if s.absent {
		return fmt.Errorf("%s: not in this stand-in", s.daemon)
	}
	cmd := exec.Command(s.daemon, append(append([]string{}, s.extra...), strings.Fields(flags)...)...)
	cmd.Dir = "/"
	cmd.Env = []string{"HOME=/root", "PATH=/sbin:/usr/sbin:/bin:/usr/bin:/usr/X11R6/bin:/usr/local/sbin:/usr/local/bin"}
	cmd.Env = append(cmd.Env, s.preloaded()...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if s.background {
		if err := cmd.Start(); err != nil {
			return err
		}
		// As rc.d(8): what ends at once has failed.
		time.Sleep(300 * time.Millisecond)
		if !s.running() {
			return fmt.Errorf("%s: ended at once", s.daemon)
		}
		return nil
	}
	return cmd.Run()
}

func (s service) signal(sig syscall.Signal) {
	for _, pid := range s.pids() {
		syscall.Kill(pid, sig)
	}
}

// stopTimeout is rc.d's daemon_timeout.
const stopTimeout = 30 * time.Second

// stop ends the daemon and waits; what does not end in time is killed, and false is returned.
func (s service) stop() bool {
	s.signal(syscall.SIGTERM)
	for deadline := time.Now().Add(stopTimeout); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if !s.running() {
			return true
		}
	}
	s.signal(syscall.SIGKILL)
	return false
}

// Names lists the services that have an rc.d script.
func Names() []string {
	var names []string
	for name := range services {
		names = append(names, name)
	}
	return names
}
