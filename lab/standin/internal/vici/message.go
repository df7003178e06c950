// Package vici speaks the control protocol of strongSwan's charon, which negotiates IKEv1 behind the
// isakmpd face. Source: strongSwan's src/libcharon/plugins/vici/README.md.
package vici

import (
	"encoding/binary"
	"fmt"
)

// Element types of a message.
const (
	sectionStart = 1
	sectionEnd   = 2
	keyValue     = 3
	listStart    = 4
	listItem     = 5
	listEnd      = 6
)

// Section is an ordered message or a part of one. Values are string, []string or *Section.
type Section struct {
	Keys   []string
	Values map[string]interface{}
}

// New returns an empty section.
func New() *Section { return &Section{Values: map[string]interface{}{}} }

// Set adds or replaces a value and returns the section, for chains of calls.
func (s *Section) Set(key string, value interface{}) *Section {
	if _, known := s.Values[key]; !known {
		s.Keys = append(s.Keys, key)
	}
	s.Values[key] = value
	return s
}

// String returns a value as text, "" if it is not there.
func (s *Section) String(key string) string {
	text, _ := s.Values[key].(string)
	return text
}

// List returns a list value.
func (s *Section) List(key string) []string {
	list, _ := s.Values[key].([]string)
	return list
}

// Section returns a subsection, an empty one if it is not there.
func (s *Section) Section(key string) *Section {
	if sub, ok := s.Values[key].(*Section); ok {
		return sub
	}
	return New()
}

func (s *Section) encode(out []byte) []byte {
	for _, key := range s.Keys {
		switch value := s.Values[key].(type) {
		case string:
			out = append(out, keyValue)
			out = appendName(out, key)
			out = appendText(out, value)
		case []string:
			out = append(out, listStart)
			out = appendName(out, key)
			for _, item := range value {
				out = append(out, listItem)
				out = appendText(out, item)
			}
			out = append(out, listEnd)
		case *Section:
			out = append(out, sectionStart)
			out = appendName(out, key)
			out = value.encode(out)
			out = append(out, sectionEnd)
		}
	}
	return out
}

func appendName(out []byte, name string) []byte {
	return append(append(out, byte(len(name))), name...)
}

func appendText(out []byte, text string) []byte {
	var length [2]byte
	binary.BigEndian.PutUint16(length[:], uint16(len(text)))
	return append(append(out, length[:]...), text...)
}

type decoder struct {
	data []byte
	bad  bool
}

func (d *decoder) byte() byte {
	if len(d.data) < 1 {
		d.bad = true
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b
}

func (d *decoder) bytes(n int) string {
	if len(d.data) < n {
		d.bad = true
		return ""
	}
	text := string(d.data[:n])
	d.data = d.data[n:]
	return text
}

func (d *decoder) name() string { return d.bytes(int(d.byte())) }

func (d *decoder) text() string {
	high, low := d.byte(), d.byte()
	return d.bytes(int(high)<<8 | int(low))
}

func (d *decoder) section(top bool) *Section {
	s := New()
	for !d.bad && (len(d.data) > 0 || !top) {
		switch kind := d.byte(); kind {
		case sectionStart:
			name := d.name()
			s.Set(name, d.section(false))
		case sectionEnd:
			return s
		case keyValue:
			name := d.name()
			s.Set(name, d.text())
		case listStart:
			name := d.name()
			var items []string
			for !d.bad {
				if d.byte() != listItem {
					break
				}
				items = append(items, d.text())
			}
			s.Set(name, items)
		default:
			d.bad = true
		}
	}
	return s
}

func decode(data []byte) (*Section, error) {
	d := decoder{data: data}
	s := d.section(true)
	if d.bad {
		return nil, fmt.Errorf("vici: malformed message")
	}
	return s, nil
}
