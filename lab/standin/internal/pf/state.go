package pf

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"time"

	"standin/internal/netif"
	"standin/internal/run"
	"standin/internal/xfrm"
)

const (
	stateDir  = "/var/run/pf"
	stateFile = stateDir + "/state"
)

// state is what the kernel keeps in OpenBSD: the loaded ruleset, the tables, and whether pf is enabled.
type state struct {
	Enabled bool
	Since   time.Time
	Config  *Config
	Sets    []*addressSet
	Tags    Tags
	// SATags are those in force, so that a change of something else need not load everything again.
	SATags []SATag
}

// open reads the state under a lock, which close lets go of.
func open() (*state, func(), error) {
	if err := os.MkdirAll(stateDir, 0o700); err != nil {
		return nil, nil, err
	}
	lock, err := os.OpenFile(filepath.Join(stateDir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return nil, nil, err
	}
	s := &state{Config: &Config{BlockPolicy: "drop"}}
	if data, err := os.ReadFile(stateFile); err == nil {
		if err := json.Unmarshal(data, s); err != nil {
			return nil, nil, err
		}
	}
	return s, func() { lock.Close() }, nil
}

func (s *state) save() error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return run.WriteFile(stateFile, string(data), 0o600)
}

// apply puts the state into force and keeps it; a ruleset nft refuses changes nothing.
func (s *state) apply() error {
	now := netif.Take()
	machine := Machine{Members: now.Members}
	for _, set := range s.Sets {
		if set.Table == "" {
			set.Entries = set.addresses(now.Addresses)
		}
	}
	s.SATags = SATags()
	if err := xfrm.SetInner(innerFlows()); err != nil {
		return err
	}
	script := "table inet pf { }\ndelete table inet pf\n"
	if s.Enabled {
		script = Compile(s.Config.inForce(), machine, &s.Tags, s.Sets, s.SATags)
	}
	if _, err := run.HostInput(strings.NewReader(script), "nft", "-f", "-"); err != nil {
		// Selectors that overlap and are of one peer cannot both be in one map: then no SA has a tag.
		script = Compile(s.Config.inForce(), machine, &s.Tags, s.Sets, nil)
		if _, second := run.HostInput(strings.NewReader(script), "nft", "-f", "-"); second != nil {
			return fmt.Errorf("%v", err)
		}
	}
	return s.save()
}

// load replaces ruleset and tables; states stay, and so do the rules of anchors it does not load.
func (s *state) load(config *Config) error {
	for name, anchor := range s.Config.Anchors {
		if config.Anchors[name] == nil {
			config.setAnchor(name, anchor)
		}
	}
	next := *s
	next.Config = config
	next.Sets = buildSets(config.inForce(), s.Sets)
	if err := next.apply(); err != nil {
		return err
	}
	*s = next
	return nil
}

// Refresh follows a change of the machine's addresses.
func Refresh([]string) int { return refresh(func(*state) bool { return true }) }

// RefreshTags follows a change of the tunnels' configuration, and a start of iked, which empties the
// kernel's policies.
func RefreshTags([]string) int {
	if err := xfrm.SetInner(innerFlows()); err != nil {
		return run.Errorf("pfctl", "%v", err)
	}
	return refresh(func(s *state) bool { return !reflect.DeepEqual(s.SATags, SATags()) })
}

func refresh(needed func(*state) bool) int {
	s, done, err := open()
	if err != nil {
		return run.Errorf("pfctl", "%v", err)
	}
	defer done()
	if !s.Enabled || !needed(s) {
		return 0
	}
	if err := s.apply(); err != nil {
		return run.Errorf("pfctl", "%v", err)
	}
	return 0
}
