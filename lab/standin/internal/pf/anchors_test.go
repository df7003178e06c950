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
	config, problems := parseText(t, strings.Replace(withAnchor, "FILE", file, 1))
	if len(problems) == 0 && !(options{}).loadAnchors(config) {
		problems = []string{"load anchors"}
	}
	return config, problems
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

// As recorded on OpenBSD: a file that is wrong or gone makes the whole load fail, and so does a name in it.
func TestAnchorFileThatFailsFailsTheRuleset(t *testing.T) {
	for _, rules := range []string{"pass in on\n", "table <x> file \"/nowhere\"\n"} {
		if _, problems := loadWith(t, rules); len(problems) != 1 || problems[0] != "load anchors" {
			t.Errorf("%q: %q", rules, problems)
		}
	}
	config, _ := parseText(t, strings.Replace(withAnchor, "FILE", "/nowhere", 1))
	if (options{}).loadAnchors(config) {
		t.Error("a missing file was accepted")
	}
}

// rc(8) loads these before the network starts; what pf.conf(5) of it is printed tells that they still run.
func TestRulesOfTheBoot(t *testing.T) {
	config, problems := parseText(t, "pass in proto carp keep state (no-sync)\npass out proto carp !received-on any keep state (no-sync)")
	want := []string{"pass in proto carp all keep state (no-sync)", "pass out proto carp all !received-on any keep state (no-sync)"}
	if got := printed(config); len(problems) != 0 || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q, %q", got, problems)
	}
}
