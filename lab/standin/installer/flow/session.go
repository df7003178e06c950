// Package flow is the conversation of OpenBSD's installer: which questions come in which situation, with
// which defaults, and what the answers do. The questions are those of OpenBSD 7.8 to 8.0 on amd64.
//
// It does not do: upgrades, IPv6 addresses, encrypted disks, users, sets from anywhere but a CD.
package flow

import (
	"fmt"
	"io"

	"standin/installer/ask"
)

// Session is one run of the installer.
type Session struct {
	*ask.Asker
	Out     io.Writer
	Machine Machine
	Faults  Faults
	// Version as in 7.9.
	Version string
	// Keys: public signify keys that sets may be signed with, second lines of the key files.
	Keys []string

	answers answers
}

// answers are what the configuration of the new system is made of.
type answers struct {
	hostname, domain  string
	interfaces        []netInterface
	router, dns       string
	password, sshKey  string
	sshd, xenodm      bool
	console           bool
	consoleSpeed      string
	rootLogin         string
	timezone          string
	disk              string
	kernels, multicpu bool
}

type netInterface struct{ name, hostname, address string }

// Install runs the installer up to its last words. The error's text is why it gave up.
func (s *Session) Install() error {
	s.Faults.Reach("questions")
	if s.Faults.has("question") {
		if _, err := s.Ask("Is this the stand-in?", ""); err != nil {
			return err
		}
	}
	for _, part := range []func() error{
		s.terminal, s.network, s.accounts, s.console, s.users, s.disk, s.sets, s.timezone,
		s.configure, s.bootBlocks, s.installSite,
	} {
		if err := part(); err != nil {
			return err
		}
	}
	s.Faults.Reach("congratulations")
	fmt.Fprint(s.Out, "\nCONGRATULATIONS! Your OpenBSD install has been successfully completed!\n\n")
	return nil
}

func (s *Session) terminal() error {
	fmt.Fprintln(s.Out, "At any prompt except password prompts you can escape to a shell by\ntyping '!'. Default answers are shown in []'s.")
	if s.Machine.ComSpeed() > 0 {
		_, err := s.Ask("Terminal type?", "vt220")
		return err
	}
	_, err := s.Ask("Choose your keyboard layout ('?' or 'L' for list)", "default")
	return err
}

func (s *Session) bootBlocks() error {
	s.Faults.Reach("bootblocks")
	err := s.Faults.fail("bootblocks", "")
	if err == nil {
		err = s.Machine.BootBlocks(s.answers.disk)
	}
	if err != nil {
		fmt.Fprintln(s.Out, err)
		return ask.Abort{Line: fmt.Sprintf("Failed to install bootblocks.\nYou will not be able to boot OpenBSD from %s.", s.answers.disk)}
	}
	fmt.Fprintln(s.Out, "Relinking to create unique kernel... done.")
	return nil
}

func (s *Session) installSite() error {
	s.Faults.Reach("install.site")
	err := s.Machine.InstallSite(s.Out)
	if err != nil {
		fmt.Fprintln(s.Out, err)
	}
	if err != nil || s.Faults.has("install-site") {
		return ask.Abort{Line: "install.site failed"}
	}
	return nil
}
