// Package isakmpd is the stand-in's isakmpd(8): the FIFO, the section model of isakmpd.conf(5) and the
// connection checker are its own, the IKEv1 negotiation is strongSwan's charon underneath.
//
// It does not do: keynote policies, packet capture (p), the exact
// match of lifetimes as responder, Listen-on, child SAs that outlive their phase 1 (t main, d).
package isakmpd

import (
	"sort"
	"strings"

	"standin/internal/lazy"
)

// Model holds sections of tags, as isakmpd keeps its configuration. Names are the same in capitals and
// small letters (conf.c): of two identities that differ in nothing else the last one's section is kept.
type Model struct {
	sections     map[string]map[string]string
	certificates certificates
}

func newModel() *Model { return &Model{sections: map[string]map[string]string{}} }

// Get returns a value, "" if it is not set.
func (m *Model) Get(section, tag string) string {
	return m.sections[strings.ToLower(section)][strings.ToLower(tag)]
}

// List returns a comma separated value.
func (m *Model) List(section, tag string) []string {
	var out []string
	for _, item := range strings.Split(m.Get(section, tag), ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// Set stores a value; without force an existing one stays.
func (m *Model) Set(section, tag, value string, force bool) bool {
	section, tag = strings.ToLower(section), strings.ToLower(tag)
	if _, set := m.sections[section][tag]; set && !force {
		return false
	}
	if m.sections[section] == nil {
		m.sections[section] = map[string]string{}
	}
	m.sections[section][tag] = value
	return true
}

// Add appends a value to a list that does not hold it yet.
func (m *Model) Add(section, tag, value string) {
	items := m.List(section, tag)
	for _, item := range items {
		if item == value {
			return
		}
	}
	m.Set(section, tag, strings.Join(append(items, value), ","), true)
}

// RemoveValue takes a value out of a list; an empty list goes.
func (m *Model) RemoveValue(section, tag, value string) {
	var rest []string
	for _, item := range m.List(section, tag) {
		if item != value {
			rest = append(rest, item)
		}
	}
	if rest == nil {
		m.Remove(section, tag)
		return
	}
	m.Set(section, tag, strings.Join(rest, ","), true)
}

// Remove deletes a tag.
func (m *Model) Remove(section, tag string) {
	section, tag = strings.ToLower(section), strings.ToLower(tag)
	delete(m.sections[section], tag)
	if len(m.sections[section]) == 0 {
		delete(m.sections, section)
	}
}

// RemoveSection deletes a section.
func (m *Model) RemoveSection(section string) { delete(m.sections, strings.ToLower(section)) }

// Sections lists the names of all sections.
func (m *Model) Sections() []string {
	var names []string
	for name := range m.sections {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

var (
	headerLine = lazy.Regexp(`^\s*\[([^\]]*)\]`)
	valueLine  = lazy.Regexp(`^\s*([^=\s][^=]*?)\s*=\s*(.*?)\s*$`)
)

// readFile adds the settings of an isakmpd.conf(5) text.
func (m *Model) readFile(text string) {
	text = strings.ReplaceAll(text, "\\\n", "")
	section := ""
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		if header := headerLine().FindStringSubmatch(line); header != nil {
			section = header[1]
		} else if value := valueLine().FindStringSubmatch(line); value != nil && section != "" {
			m.Set(section, value[1], value[2], true)
		}
	}
}
