package pf

import (
	"fmt"
	"os"
	"strings"
)

// loadAnchor is "load anchor NAME from FILE": the file's rules go into the anchor when the ruleset loads.
func (p *parser) loadAnchor() {
	p.expect("anchor")
	name := p.value()
	p.expect("from")
	t := p.lx.Peek()
	file := p.value()
	text, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintf(os.Stderr, "pfctl: %s: No such file or directory\n", file)
		p.fail(t, "cannot open file %s", file)
	}
	anchor, problems := Parse(file, string(text), p.defined, p.resolver)
	p.errors = append(p.errors, problems...)
	p.config.setAnchor(name, anchor)
}

func (c *Config) setAnchor(name string, anchor *Config) {
	if c.Anchors == nil {
		c.Anchors = map[string]*Config{}
	}
	c.Anchors[name] = anchor
}

// inForce is the ruleset as it is walked: an anchor's rules in the place of its line. Its tables are not
// kept apart from those of the main ruleset here.
func (c *Config) inForce() *Config {
	flat := *c
	flat.Rules = nil
	flat.Tables = append([]*Table{}, c.Tables...)
	for _, r := range c.Rules {
		flat.Rules = append(flat.Rules, r)
		if anchor := c.Anchors[r.Anchor]; r.Action == "anchor" && anchor != nil {
			inner := anchor.inForce()
			flat.Rules = append(flat.Rules, inner.Rules...)
			flat.Tables = append(flat.Tables, inner.Tables...)
		}
	}
	return &flat
}

// inAnchor is what -a changes: -f, -F rules and -s rules look at the one anchor only.
func (o options) inAnchor(s *state) int {
	anchor := s.Config.Anchors[o.anchor]
	if anchor == nil {
		anchor = &Config{BlockPolicy: "drop"}
	}
	switch {
	case o.file != "":
		config, code := o.parse()
		if code != 0 {
			return code
		}
		return s.putAnchor(o.anchor, config)
	case o.flush != "" && strings.HasPrefix("rules", strings.ToLower(o.flush)):
		o.say("rules cleared")
		return s.putAnchor(o.anchor, &Config{BlockPolicy: "drop"})
	case o.show != "" && strings.HasPrefix("rules", strings.ToLower(o.show)):
		for _, r := range anchor.Rules {
			fmt.Println(r)
		}
		return 0
	}
	return fail("-a %s: this is not in this stand-in", o.anchor)
}

func (s *state) putAnchor(name string, anchor *Config) int {
	next := *s.Config
	next.Anchors = map[string]*Config{}
	for other, config := range s.Config.Anchors {
		next.Anchors[other] = config
	}
	next.Anchors[name] = anchor
	if err := s.load(&next); err != nil {
		return fail("DIOCXCOMMIT: %v", err)
	}
	return 0
}
