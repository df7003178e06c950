package pf

import (
	"fmt"
	"os"
	"strings"
)

// anchorFile is a line "load anchor NAME from FILE".
type anchorFile struct{ name, file string }

func (p *parser) loadAnchor() {
	p.expect("anchor")
	name := p.value()
	p.expect("from")
	p.config.loads = append(p.config.loads, anchorFile{name, p.value()})
}

// loadAnchors reads what the ruleset loads into its anchors, after the ruleset itself (pfctl_load_anchors).
// With verbose their rules are printed too. One that fails makes the whole load fail.
func (o options) loadAnchors(config *Config) bool {
	for _, load := range config.loads {
		if o.verbose > 0 {
			fmt.Fprintf(os.Stderr, "\nLoading anchor %s from %s\n", load.name, load.file)
		}
		text, err := os.ReadFile(load.file)
		var anchor *Config
		var problems []string
		if err != nil {
			fail("%s: No such file or directory\npfctl: cannot open the main config file!: No such file or directory", load.file)
		} else {
			anchor, problems = o.rules(load.file, string(text))
		}
		if err != nil || len(problems) > 0 {
			fail("Syntax error in config file: pf rules not loaded")
			return false
		}
		config.setAnchor(load.name, anchor)
	}
	return true
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
