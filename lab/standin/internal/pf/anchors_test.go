package pf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const withAnchor = "block all\nanchor \"user\"\nload anchor \"user\" from \"FILE\"\npass out on vio0 proto udp"

func loadWith(t *testing.T, rules string) (*Config, []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "user.conf")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	return parseText(t, strings.Replace(withAnchor, "FILE", file, 1))
}

func TestAnchorRulesStandInItsPlace(t *testing.T) {
	config, problems := loadWith(t, "table <mine> { 192.0.2.7 }\npass in on vio0 proto tcp from <mine> to any port 80\n")
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	want := []string{"block drop all", `anchor "user" all`,
		"pass in on vio0 proto tcp from <mine> to any port = 80 flags S/SA", "pass out on vio0 proto udp all"}
	if got := printed(config.inForce()); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("walked as\n%s", strings.Join(got, "\n"))
	}
	if got := len(config.inForce().Tables); got != 1 {
		t.Errorf("%d tables", got)
	}
	if got := printed(config); len(got) != 3 {
		t.Errorf("the main ruleset shows the anchor's rules: %q", got)
	}
}

func TestAnchorFileIsCheckedWithTheRuleset(t *testing.T) {
	_, problems := loadWith(t, "pass in on\n")
	if len(problems) != 1 || !strings.HasSuffix(problems[0], "user.conf:1: syntax error") {
		t.Error(problems)
	}
	if _, problems := parseText(t, strings.Replace(withAnchor, "FILE", "/nowhere", 1)); len(problems) == 0 {
		t.Error("a missing file was accepted")
	}
}
