package flow

import (
	"fmt"
	"strconv"
	"time"
	// The guest has no zone files of its own.
	_ "time/tzdata"
)

func (s *Session) accounts() (err error) {
	if s.answers.password, err = s.Secret("Password for root account?"); err != nil {
		return err
	}
	if s.unattendedKey() {
		if s.answers.sshKey, err = s.Ask("Public ssh key for root account?", "none"); err != nil {
			return err
		}
	}
	if s.answers.sshd, err = s.YesNo("Start sshd(8) by default?", true); err != nil || !s.Machine.Video() {
		return err
	}
	expected, err := s.YesNo("Do you expect to run the X Window System?", true)
	if err != nil || !expected {
		return err
	}
	s.answers.xenodm, err = s.YesNo("Do you want the X Window System to be started by xenodm(1)?", false)
	return err
}

// unattendedKey: a person types no key.
func (s *Session) unattendedKey() bool { return s.Responses != nil }

func (s *Session) console() (err error) {
	speed := s.Machine.ComSpeed()
	if s.answers.console, err = s.YesNo("Change the default console to com0?", speed > 0); err != nil || !s.answers.console {
		return err
	}
	if speed == 0 {
		speed = 9600
	}
	s.answers.consoleSpeed, err = s.Choice("Which speed should com0 use? (or 'done')", strconv.Itoa(speed),
		"9600", "19200", "38400", "57600", "115200", "done")
	return err
}

func (s *Session) users() (err error) {
	_, err = s.Until("Setup a user? (enter a lower-case loginname, or 'no')", "no", func(answer string) string {
		if answer != "no" {
			return "Other users than root are not in this stand-in."
		}
		return ""
	})
	if err != nil || !s.answers.sshd {
		return err
	}
	s.answers.rootLogin, err = s.Choice("Allow root ssh login? (yes, no, prohibit-password)", "no", "yes", "no", "prohibit-password")
	return err
}

// timezone is asked after the sets, as without a network nothing has hinted at one before.
func (s *Session) timezone() (err error) {
	s.answers.timezone, err = s.Until("What timezone are you in? ('?' for list)", "Canada/Mountain", func(zone string) string {
		if _, err := time.LoadLocation(zone); err != nil {
			return fmt.Sprintf("'%s' is not a valid timezone on this system.", zone)
		}
		return ""
	})
	return err
}
