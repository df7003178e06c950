package flow

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"standin/installer/ask"
)

// digits of 7.9 are 79, as file names have them.
func (s *Session) digits() string { return strings.ReplaceAll(s.Version, ".", "") }

// setNames: what is looked for beside the sets, in the order of installation; the site sets come last.
func (s *Session) setNames() []string {
	names := []string{"bsd", "bsd.mp", "bsd.rd"}
	for _, set := range []string{"base", "comp", "man", "game", "xbase", "xshare", "xfont", "xserv", "site"} {
		names = append(names, set+s.digits()+".tgz")
	}
	return append(names, s.hostSiteSet())
}

// hostSiteSet is the site set of this host only; it is selected without being asked for.
func (s *Session) hostSiteSet() string {
	return fmt.Sprintf("site%s-%s.tgz", s.digits(), s.answers.hostname)
}

func isSetName(name string) bool {
	return strings.HasSuffix(name, ".tgz") || name == "bsd" || name == "bsd.mp" || name == "bsd.rd"
}

func (s *Session) sets() error {
	s.Faults.Reach("sets")
	fmt.Fprintln(s.Out, "\nLet's install the sets!")
	def := "http"
	if len(s.Machine.NICs()) == 0 {
		def = "cd0"
	}
	cds := s.Machine.CDs()
	question := fmt.Sprintf("Location of sets? (%s disk http nfs or 'done')", strings.Join(cds, " "))
	for {
		location, err := s.Choice(question, def, append(cds, "disk", "http", "nfs", "done")...)
		if err != nil {
			return err
		}
		switch location {
		case "done":
			return s.sane()
		case "disk", "http", "nfs":
			return ask.Abort{Line: "Sets from " + location + " are not in this stand-in."}
		}
		if err := s.setsFromCD(location); err != nil {
			return err
		}
		def = "done"
	}
}

func (s *Session) setsFromCD(cd string) error {
	root, closed, err := s.Machine.OpenCD(cd)
	if err != nil {
		return ask.Abort{Line: fmt.Sprintf("Cannot mount %s: %v", cd, err)}
	}
	defer closed()
	where, err := s.Ask("Pathname to the sets? (or 'done')", s.Version+"/amd64")
	if err != nil || where == "done" {
		return err
	}
	dir := filepath.Join(root, filepath.Clean("/"+where))
	if _, err := os.Stat(filepath.Join(dir, "INSTALL.amd64")); err != nil {
		use, err := s.YesNo("INSTALL.amd64 not found. Use sets found here anyway?", false)
		if err != nil || !use {
			return err
		}
	}
	selected, err := s.selectSets(dir)
	if err != nil || len(selected) == 0 {
		return err
	}
	s.Faults.Reach("verify")
	if err := s.verify(dir, selected); err != nil {
		return err
	}
	for _, name := range selected {
		s.Faults.Reach(name)
		if err := s.installSet(dir, name); err != nil {
			return err
		}
	}
	return nil
}

// selectSets asks until it hears done.
func (s *Session) selectSets(dir string) ([]string, error) {
	var found []string
	chosen := map[string]bool{}
	for _, name := range s.setNames() {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			found = append(found, name)
			chosen[name] = name != "site"+s.digits()+".tgz" && (name != "bsd.mp" || s.Machine.CPUs() > 1)
		}
	}
	if len(found) == 0 {
		fmt.Fprintf(s.Out, "No OpenBSD/amd64 %s sets were found.\n", s.Version)
		return nil, nil
	}
	fmt.Fprint(s.Out, "\nSelect sets by entering a set name, a file name pattern or 'all'. De-select\nsets by prepending a '-', e.g.: '-game*'. Selected sets are labelled '[X]'.\n")
	for {
		s.showSets(found, chosen)
		words, err := s.Ask("Set name(s)? (or 'abort' or 'done')", "done")
		if err != nil {
			return nil, err
		}
		for _, word := range strings.Fields(words) {
			switch word {
			case "abort":
				return nil, nil
			case "done":
				var selected []string
				for _, name := range found {
					if chosen[name] {
						selected = append(selected, name)
					}
				}
				return selected, nil
			}
			choose(found, chosen, word)
		}
	}
}

func choose(found []string, chosen map[string]bool, word string) {
	on := !strings.HasPrefix(word, "-")
	pattern := strings.TrimLeft(word, "+-")
	if pattern == "all" {
		pattern = "*"
	}
	for _, name := range found {
		if match, _ := path.Match(pattern, name); match {
			chosen[name] = on
		}
	}
}

func (s *Session) showSets(found []string, chosen map[string]bool) {
	const rows = 4
	for row := 0; row < rows && row < len(found); row++ {
		for i := row; i < len(found); i += rows {
			mark := " "
			if chosen[found[i]] {
				mark = "X"
			}
			fmt.Fprintf(s.Out, "    [%s] %-13s", mark, found[i])
		}
		fmt.Fprintln(s.Out)
	}
}

func (s *Session) installSet(dir, name string) error {
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return ask.Abort{Line: err.Error()}
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return ask.Abort{Line: err.Error()}
	}
	meter := &meter{in: file, out: s.Out, name: name, total: info.Size()}
	if err := s.Machine.InstallSet(name, meter); err != nil {
		return ask.Abort{Line: fmt.Sprintf("\nInstallation of %s failed: %v", name, err)}
	}
	meter.end()
	switch {
	case strings.HasPrefix(name, "base"):
		s.answers.kernels = true
	case name == "bsd.mp":
		s.answers.multicpu = true
	}
	return nil
}

// meter shows how much of a set was read, on one line.
type meter struct {
	in          io.Reader
	out         io.Writer
	name        string
	done, total int64
	shown       int64
}

func (m *meter) Read(buffer []byte) (int, error) {
	n, err := m.in.Read(buffer)
	m.done += int64(n)
	if percent := m.percent(); percent >= m.shown+10 {
		m.show(percent)
	}
	return n, err
}

func (m *meter) percent() int64 {
	if m.total == 0 {
		return 100
	}
	return m.done * 100 / m.total
}

func (m *meter) show(percent int64) {
	const width = 26
	m.shown = percent
	stars := strings.Repeat("*", int(percent*width/100))
	fmt.Fprintf(m.out, "\rInstalling %-14s %3d%% |%-*s| %5d KB", m.name, percent, width, stars, m.done>>10)
}

func (m *meter) end() {
	if m.shown < 100 {
		m.done = m.total
		m.show(100)
	}
	fmt.Fprintln(m.out)
}

// sane asks about what is missing and the system cannot do without.
func (s *Session) sane() error {
	missing := ""
	switch {
	case !s.answers.kernels:
		missing = "base" + s.digits() + ".tgz"
	case s.Machine.CPUs() > 1 && !s.answers.multicpu:
		missing = "bsd.mp"
	default:
		return s.settle()
	}
	sure, err := s.YesNo(fmt.Sprintf("Are you *SURE* your install is complete without '%s'?", missing), false)
	if err != nil {
		return err
	}
	if !sure {
		return ask.Abort{Line: fmt.Sprintf("'%s' is missing.", missing)}
	}
	return s.settle()
}

func (s *Session) settle() error {
	if err := s.Machine.Settle(); err != nil {
		return ask.Abort{Line: err.Error()}
	}
	return nil
}
