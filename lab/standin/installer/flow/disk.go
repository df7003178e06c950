package flow

import (
	"fmt"
	"strings"

	"standin/installer/ask"
)

const gigabyte = 1 << 30

func (s *Session) disk() error {
	s.Faults.Reach("disk")
	disks := s.Machine.Disks()
	disk, err := s.rootDisk(disks)
	if err != nil {
		return err
	}
	s.answers.disk = disk.Name
	encrypt, err := s.Choice("Encrypt the root disk with a (p)assphrase or (k)eydisk?", "no", "no", "p", "k", "passphrase", "keydisk")
	if err != nil {
		return err
	}
	if encrypt != "no" {
		return ask.Abort{Line: "An encrypted disk is not in this stand-in."}
	}
	if err := s.useDisk(disk); err != nil {
		return err
	}
	if err := s.layout(disk); err != nil {
		return err
	}
	if err := s.otherDisks(disks, disk.Name); err != nil {
		return err
	}
	s.Faults.Reach("filesystems")
	if err := s.Machine.Format(disk.Name); err != nil {
		return err
	}
	return s.Faults.fail("unmounted", fmt.Sprintf("/dev/%sa is not properly mounted on /mnt.", disk.Name))
}

func (s *Session) rootDisk(disks []Disk) (Disk, error) {
	var names []string
	def := ""
	for _, d := range disks {
		if s.Faults.has("choice") {
			continue
		}
		names = append(names, d.Name)
		if def == "" && d.Bytes > gigabyte {
			def = d.Name
		}
	}
	if def == "" && len(names) > 0 {
		def = names[0]
	}
	fmt.Fprintf(s.Out, "\nAvailable disks are: %s.\n", strings.Join(names, " "))
	name, err := s.Choice("Which disk is the root disk? ('?' for details)", def, names...)
	for _, d := range disks {
		if d.Name == name {
			return d, err
		}
	}
	return Disk{}, err
}

func (s *Session) useDisk(disk Disk) error {
	question, def := "Use (W)hole disk MBR, whole disk (G)PT or (E)dit?", "whole"
	choices := []string{"whole", "w", "gpt", "g", "edit", "e"}
	if disk.HeldOpenBSD {
		question, def = "Use (W)hole disk MBR, whole disk (G)PT, (O)penBSD area or (E)dit?", "OpenBSD"
		choices = append(choices, "openbsd", "o")
	} else {
		fmt.Fprintln(s.Out, "No valid MBR or GPT.")
	}
	use, err := s.Choice(question, def, choices...)
	if err != nil {
		return err
	}
	switch strings.ToLower(use)[0] {
	case 'w':
		fmt.Fprintf(s.Out, "Setting OpenBSD MBR partition to whole %s...done.\n", disk.Name)
	case 'o':
	default:
		return ask.Abort{Line: "GPT and editing are not in this stand-in."}
	}
	return nil
}

func (s *Session) layout(disk Disk) error {
	url := "none"
	if s.Responses != nil {
		var err error
		if url, err = s.Ask("URL to autopartitioning template for disklabel?", "none"); err != nil {
			return err
		}
	}
	if url == "none" {
		answer, err := s.Choice("Use (A)uto layout, (E)dit auto layout, or create (C)ustom layout?", "a", "a", "e", "c")
		if err == nil && !strings.EqualFold(answer, "a") {
			err = ask.Abort{Line: "Editing a layout is not in this stand-in."}
		}
		return err
	}
	text, err := s.Machine.Fetch(url)
	if err != nil || len(text) == 0 || s.Faults.has("no-template") {
		if err != nil {
			fmt.Fprintln(s.Out, err)
		}
		return ask.Abort{Line: "No autopartitioning template found."}
	}
	slices, err := ParseTemplate(string(text))
	if err == nil {
		slices, err = Allocate(slices, disk.Bytes)
	}
	if err != nil {
		fmt.Fprintf(s.Out, "disklabel: %v\n", err)
	}
	if err != nil || s.Faults.has("partitioning") {
		return ask.Abort{Line: "Autopartitioning failed."}
	}
	fmt.Fprintf(s.Out, "The auto-allocated layout for %s is:\n%s", disk.Name, Table(slices))
	for _, slice := range slices {
		if slice.Mount == "/" && !s.Faults.has("unconfigured") {
			return nil
		}
	}
	return ask.Abort{Line: "'/' must be configured!"}
}

func (s *Session) otherDisks(disks []Disk, root string) error {
	var left []string
	for _, d := range disks {
		if d.Name != root {
			left = append(left, d.Name)
		}
	}
	if len(left) == 0 {
		return nil
	}
	name, err := s.Choice("Which disk do you wish to initialize? (or 'done')", "done", append(left, "done")...)
	if err == nil && name != "done" {
		err = ask.Abort{Line: "A second disk is not in this stand-in."}
	}
	return err
}
