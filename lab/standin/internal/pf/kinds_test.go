package pf

import (
	"strings"
	"testing"
)

func TestPacketsOfSecAreSeenOnItOnly(t *testing.T) {
	script, _ := compiled(t, "block\npass in on sec0 no state\npass out on sec0 no state\npass in on enc0 no state\npass on ! sec0 no state\n", nil)
	for name, want := range map[string][]string{
		"rules_in": {`iifname "sec0" meta mark`, `meta ipsec exists iifname != "sec*" meta mark`, `meta ipsec missing iifname != { "sec0" } meta mark`,
			`iifname "sec*" iifname != { "sec0" } meta mark`},
		"rules_out": {`rt ipsec missing oifname "sec0" meta mark`, `rt ipsec missing oifname != { "sec0" } meta mark`},
	} {
		rules := strings.Join(chain(script, name), "\n")
		for _, one := range want {
			if !strings.Contains(rules, one) {
				t.Errorf("%s: no %q in\n%s", name, one, rules)
			}
		}
	}
}

func TestAStateBoundToSecNeverPassesInClear(t *testing.T) {
	script, _ := compiled(t, "block\npass out on sec0 keep state (if-bound)\n", nil)
	if made := strings.Join(chain(script, "bound_out"), "\n"); !strings.Contains(made, `rt ipsec missing oifname "sec*" ct direction original ct mark set ct mark | 0x20`) {
		t.Errorf("%s", made)
	}
	lookup := strings.Join(chain(script, "pass_out"), "\n")
	for _, want := range []string{`oifname != "sec*" ct direction original ct mark & 0x2 == 0x2 goto state_out`, `oifname "sec*" ct direction original ct mark & 0x20 == 0x20 goto state_out`} {
		if !strings.Contains(lookup, want) {
			t.Errorf("no %q in\n%s", want, lookup)
		}
	}
	if replies := strings.Join(chain(script, "prerouting"), "\n"); !strings.Contains(replies, `iifname "sec*" ct direction reply ct mark & 0x20 == 0x20 goto state_out`) {
		t.Errorf("the answers come in by it: %s", replies)
	}
}
