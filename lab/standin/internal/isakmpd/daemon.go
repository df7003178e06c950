package isakmpd

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"time"

	"standin/internal/run"
	"standin/internal/syslog"
	"standin/internal/vici"
)

const (
	configFile = "/etc/isakmpd/isakmpd.conf"
	resultFile = "/var/run/isakmpd.result"
	reportFile = "/var/run/isakmpd.report"

	// settle: commands that come in one go are put into force together.
	settle = 150 * time.Millisecond
	// reinit is how long after a change of the connections' lists isakmpd goes by them (ui.c).
	reinit = 5 * time.Second
	// checkInterval is how often active connections are looked after, unless configured.
	checkInterval = 60
)

type daemon struct {
	opts    options
	model   *Model
	charon  *charon
	ready   bool
	written []Connection
	checker *checker
	done    chan []string
	dirty   <-chan time.Time
	reinit  <-chan time.Time
	check   <-chan time.Time
	look    <-chan time.Time
	passive bool
	// keyFiles is what the keys' files looked like when they were last read.
	keyFiles string
}

func logf(level, format string, args ...interface{}) {
	syslog.Daemon(level, "isakmpd", fmt.Sprintf(format, args...))
}

// Main is isakmpd(8).
func Main(args []string) int {
	opts, ok := parseOptions(args)
	if !ok {
		fmt.Fprint(os.Stderr, "usage: isakmpd [-46adKLnSTv] [-c config-file] [-D class=level] [-f fifo]\n"+
			"               [-i pid-file] [-l packetlog-file] [-N udpencap-port]\n"+
			"               [-p listen-port] [-R report-file]\n")
		return 1
	}
	if os.Geteuid() != 0 {
		return run.Errorf("isakmpd", "need root privileges")
	}
	if !opts.foreground {
		if parent, err := run.Detach(); err != nil {
			return run.Errorf("isakmpd", "%v", err)
		} else if parent {
			return 0
		}
	}
	logf("notice", "isakmpd: starting")
	d := &daemon{opts: opts, passive: opts.passive, checker: newChecker(), done: make(chan []string)}
	if err := d.run(); err != nil {
		logf("err", "%v", err)
		return 1
	}
	return 0
}

func (d *daemon) run() error {
	d.readConfig()
	os.Remove(d.opts.fifo)
	if err := syscall.Mkfifo(d.opts.fifo, 0o600); err != nil {
		return fmt.Errorf("ui_init: mkfifo (%q, 0600) failed: %v", d.opts.fifo, err)
	}
	defer os.Remove(d.opts.fifo)
	defer os.Remove(connectionsFile)
	// Open for writing too, so that there is no end of file between two writers.
	fifo, err := os.OpenFile(d.opts.fifo, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	os.WriteFile(d.opts.pidFile, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644)
	defer os.Remove(d.opts.pidFile)

	lines := make(chan string)
	go func() {
		for scanner := bufio.NewScanner(fifo); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGUSR1)
	started := make(chan *charon, 1)
	failed := make(chan error, 1)
	go func() {
		if c, err := startCharon(); err != nil {
			failed <- err
		} else {
			started <- c
		}
	}()
	d.check = time.After(d.checkEvery())
	d.look = time.After(lookInterval)
	for {
		var gone chan struct{}
		if d.charon != nil {
			gone = d.charon.exited
		}
		select {
		case line := <-lines:
			if d.command(parseCommand(line)) {
				d.stop()
				return nil
			}
		case s := <-signals:
			switch s {
			case syscall.SIGHUP:
				d.reread()
			case syscall.SIGUSR1:
				os.WriteFile(reportFile, []byte(report(d.model)), 0o600)
			default:
				d.stop()
				return nil
			}
		case d.charon = <-started:
			d.ready = true
			go watch(d.opts.verbose, d.done)
			d.sync()
			d.startMissing()
		case names := <-d.done:
			for _, name := range names {
				d.checker.done(name, time.Now())
			}
		case err := <-failed:
			return err
		case <-gone:
			return fmt.Errorf("the negotiating process ended")
		case <-d.dirty:
			d.dirty = nil
			d.sync()
		case <-d.reinit:
			d.reinit = nil
			d.checker.reinit(d.model)
			d.startMissing()
		case <-d.look:
			d.look = time.After(lookInterval)
			d.lookAtKeys()
		case <-d.check:
			d.startMissing()
			d.check = time.After(d.checkEvery())
		}
	}
}

func (d *daemon) checkEvery() time.Duration {
	interval, err := strconv.Atoi(d.model.Get("General", "Check-interval"))
	if err != nil || interval <= 0 {
		interval = checkInterval
	}
	return time.Duration(interval) * time.Second
}

// readConfig starts the model anew from isakmpd.conf; a file others can read is not loaded.
func (d *daemon) readConfig() {
	d.model = newModel()
	defer func() {
		d.model.certificates = d.model.readCertificates()
		d.checker.reinit(d.model)
	}()
	info, err := os.Stat(d.opts.config)
	if err != nil {
		return
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 || info.Mode().Perm()&0o077 != 0 {
		logf("err", "check_file_secrecy_fd: not loading %s - too open permissions", filepath.Clean(d.opts.config))
		return
	}
	if text, err := os.ReadFile(d.opts.config); err == nil {
		d.model.readFile(string(text))
	}
}

// reread is SIGHUP and R: what came through the FIFO is gone.
func (d *daemon) reread() {
	logf("notice", "isakmpd: reinitializing daemon")
	d.readConfig()
	d.dirty = time.After(settle)
}

// stop ends everything; the peers get their DELETEs.
func (d *daemon) stop() {
	logf("notice", "isakmpd: shutting down...")
	if d.charon != nil {
		d.charon.stop()
	}
	logf("notice", "isakmpd: exit")
}

// sync brings charon and the other faces' view in line with the model.
func (d *daemon) sync() {
	connections := d.model.connections()
	if !reflect.DeepEqual(connections, d.written) {
		if data, err := json.Marshal(connections); err == nil {
			run.WriteFile(connectionsFile, string(data), 0o600)
		}
		d.written = connections
		// The packet filter wants to know which selectors carry which tag.
		if _, err := run.Host("faces", "--satags"); err != nil {
			logf("err", "%v", err)
		}
	}
	if !d.ready || !d.opts.noPolicy {
		return
	}
	for _, err := range d.charon.load(d.model.peers(), d.model.certificates) {
		logf("err", "%v", err)
	}
}

// startMissing checks every connection of the list.
func (d *daemon) startMissing() { d.start(d.checker.active) }

// start initiates those of the connections that have no SA, where no exchange of theirs is under way.
func (d *daemon) start(connections []string) {
	if !d.ready || d.passive {
		return
	}
	if !d.opts.noPolicy {
		for range connections {
			logf("err", "check_policy: negotiated SA failed policy check")
		}
		return
	}
	d.lookAtKeys()
	up, phase1 := established()
	for _, name := range connections {
		peer := d.model.Get(name, "ISAKMP-peer")
		if peer == "" {
			logf("err", "exchange_establish: peer \"%s\" does not have a correct phase (0)", name)
			continue
		}
		if up[name] || !d.checker.begin(peer, name, phase1[peer], time.Now(), d.model.exchangeLimit()) {
			continue
		}
		if err := initiate(peer, name); err != nil && !d.model.cannotSign(peer) {
			logf("err", "exchange_establish: %s: %v", name, err)
		}
	}
}

// established tells which connections have a child SA and which peers a phase 1 that is done.
func established() (up, phase1 map[string]bool) {
	up, phase1 = map[string]bool{}, map[string]bool{}
	names, all := sas()
	for i, sa := range all {
		if sa.String("state") == "ESTABLISHED" {
			phase1[names[i]] = true
		}
		children := sa.Section("child-sas")
		for _, key := range children.Keys {
			child := children.Section(key)
			switch child.String("state") {
			case "INSTALLED", "REKEYING", "REKEYED", "INSTALLING":
				up[child.String("name")] = true
			}
		}
	}
	return up, phase1
}

// watch turns charon's events into isakmpd's log lines, and tells which exchanges are done.
func watch(verbose bool, done chan<- []string) {
	client, err := vici.Dial(viciSocket)
	if err != nil {
		return
	}
	defer client.Close()
	translate := newTranslator(verbose, configured, func(after time.Duration, line string) {
		time.AfterFunc(after, func() { logf("notice", "%s", line) })
	})
	client.Watch([]string{"log", "ike-updown", "child-updown"}, func(name string, m *vici.Section) {
		for _, line := range translate.event(name, m) {
			logf("notice", "%s", strings.TrimSpace(line))
		}
		if names := finished(name, m); names != nil {
			done <- names
		}
	})
}
