package isakmpd

import (
	"strings"

	"standin/internal/lazy"
)

// command is one line of the FIFO, taken apart as ui.c does it.
type command struct {
	letter   string // C, t, T, c, d, S, r, R, Q, M, D, p
	verb     string // of C: set, add, rm, rmv, rms, get
	section  string
	tag      string
	value    string
	force    bool
	args     []string
	problem  string
	original string
}

// sscanf's limits: a section and a tag end at 200 characters, a value also at the first white space.
const maxField = 200

var (
	setPattern     = lazy.Regexp(`^C\s+\S+\s+\[([^\]]{1,200})\]:([^=]{1,200})=(\S*)(?:\s+(\S+))?`)
	tagPattern     = lazy.Regexp(`^C\s+\S+\s+\[([^\]]{1,200})\]:(\S{1,200})`)
	sectionPattern = lazy.Regexp(`^C\s+\S+\s+\[([^\]]{1,200})\]`)
)

// parseCommand never fails: problem says why a line means nothing.
func parseCommand(line string) command {
	c := command{original: line}
	words := strings.Fields(line)
	if len(words) == 0 {
		c.problem = "empty command"
		return c
	}
	c.letter, c.args = words[0], words[1:]
	if c.letter != "C" {
		if len(c.letter) > 1 {
			c.letter = c.letter[:1]
		}
		if !strings.Contains("cCdDMpQRrStT", c.letter) {
			c.problem = "unrecognized command"
		}
		return c
	}
	if len(words) > 1 {
		c.verb = words[1]
	}
	switch c.verb {
	case "set", "add", "rmv":
		m := setPattern().FindStringSubmatch(line)
		if m == nil || m[3] == "" {
			c.problem = "malformed command"
			return c
		}
		c.section, c.tag, c.value = m[1], strings.TrimSpace(m[2]), m[3]
		if len(c.value) > maxField {
			c.value = c.value[:maxField]
		}
		c.force = m[4] == "force"
	case "rm", "get":
		m := tagPattern().FindStringSubmatch(line)
		if m == nil {
			c.problem = "malformed command"
			return c
		}
		c.section, c.tag = m[1], m[2]
	case "rms":
		m := sectionPattern().FindStringSubmatch(line)
		if m == nil {
			c.problem = "malformed command"
			return c
		}
		c.section = m[1]
	default:
		c.problem = "malformed command"
	}
	return c
}

// edit applies a C command to the model; get changes nothing.
func (c command) edit(m *Model) {
	switch c.verb {
	case "set":
		m.Set(c.section, c.tag, c.value, c.force)
	case "add":
		m.Add(c.section, c.tag, c.value)
	case "rm":
		m.Remove(c.section, c.tag)
	case "rmv":
		m.RemoveValue(c.section, c.tag, c.value)
	case "rms":
		m.RemoveSection(c.section)
	}
}
