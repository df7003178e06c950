package isakmpd

import (
	"fmt"
	"os"
	"strings"
	"time"

	"standin/internal/run"
)

// command runs one line of the FIFO; true ends the daemon.
func (d *daemon) command(c command) bool {
	if c.problem != "" {
		logf("err", "ui_handle_command: %s \"%s\"", c.problem, firstWords(c.original))
		return false
	}
	switch c.letter {
	case "C":
		d.configure(c)
	case "c":
		d.settled()
		if len(c.args) == 0 {
			logf("err", "ui_connect: command \"c\" malformed")
		} else if d.checker.setup(c.args[0]) {
			d.start(c.args[:1])
		}
	case "t":
		d.teardown(c.args)
	case "T":
		names, all := sas()
		for i := range names {
			children := all[i].Section("child-sas")
			for _, key := range children.Keys {
				name := children.Section(key).String("name")
				d.checker.teardown(name)
				d.terminate("child", name)
			}
		}
	case "d":
		d.deleteSA(c.args)
	case "S":
		names, all := sas()
		run.WriteFile(resultFile, result(d.model, names, all), 0o644)
	case "r":
		logf("notice", "ui_report: %s", strings.ReplaceAll(report(d.model), "\n", "; "))
	case "R":
		d.reread()
	case "M":
		if len(c.args) == 1 {
			d.passive = c.args[0] == "passive"
		}
		if !d.passive {
			d.startMissing()
		}
	case "Q":
		return true
	}
	return false
}

// firstWords shortens a line for the log, so that no value of a C command gets there.
func firstWords(line string) string {
	if equals := strings.IndexByte(line, '='); equals >= 0 {
		line = line[:equals]
	}
	return line
}

func (d *daemon) configure(c command) {
	if c.verb == "get" {
		text := d.model.Get(c.section, c.tag)
		if text != "" {
			text += "\n"
		}
		os.WriteFile(resultFile, []byte(text), 0o644)
		return
	}
	c.edit(d.model)
	d.dirty = time.After(settle)
	lists := strings.EqualFold(c.tag, "Connections") || strings.EqualFold(c.tag, "Passive-connections")
	if strings.EqualFold(c.section, "Phase 2") && lists && (c.verb == "set" || c.verb == "add" || c.verb == "rmv") {
		d.reinit = time.After(reinit)
	}
}

// settled puts pending changes into force now.
func (d *daemon) settled() {
	if d.dirty != nil {
		d.dirty = nil
		d.sync()
	}
}

// teardown is t [quick|main] NAME. Phase 2 is off the list of connections then, also where it has no SA.
func (d *daemon) teardown(args []string) {
	phase := "quick"
	if len(args) == 2 && (args[0] == "quick" || args[0] == "main") {
		phase, args = args[0], args[1:]
	}
	if len(args) != 1 {
		logf("err", "ui_teardown: malformed command")
		return
	}
	name := args[0]
	if isAddress(name) {
		return
	}
	if phase == "quick" {
		d.checker.teardown(name)
		d.terminate("child", name)
		return
	}
	names, all := sas()
	for i, sa := range all {
		// One that is not done has no name yet.
		if names[i] == name && sa.String("state") != "CONNECTING" {
			d.terminate("ike-id", sa.String("uniqueid"))
		}
	}
}

func (d *daemon) terminate(kind, name string) {
	if !d.ready {
		return
	}
	// Nothing to take down is no error for isakmpd.
	if err := terminate(kind, name); err != nil && !strings.Contains(err.Error(), "no matching") {
		logf("err", "sa_delete: %s: %v", name, err)
	}
}

// deleteSA is d COOKIES MSGID: one phase 1 SA ("-"), or the phase 2 SA made by a message. The exchange of an
// SA in the making lives on without it, and nothing begins anew before its time is over.
func (d *daemon) deleteSA(args []string) {
	if len(args) != 2 || len(args[0]) != 32 {
		logf("err", "ui_delete: malformed command")
		return
	}
	if args[1] != "-" {
		logf("err", "ui_delete: no SA of message %s: only phase 1 (-) is in this stand-in", args[1])
		return
	}
	_, all := sas()
	for _, sa := range all {
		if sa.String("initiator-spi")+sa.String("responder-spi") == args[0] {
			d.terminate("ike-id", sa.String("uniqueid"))
		}
	}
}

// report is a short account without secrets.
func report(m *Model) string {
	var out strings.Builder
	for _, c := range m.connections() {
		fmt.Fprintf(&out, "connection %s: peer %s\n", c.Name, c.Peer)
	}
	names, all := sas()
	out.WriteString(result(m, names, all))
	return out.String()
}
