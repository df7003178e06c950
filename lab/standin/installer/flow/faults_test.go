package flow

import (
	"strings"
	"testing"
)

func TestEveryFaultEndsTheInstallationWithItsLine(t *testing.T) {
	for what, want := range map[string]string{
		"question":     `Question has no answer in response file: "Is this the stand-in?"`,
		"choice":       "'sd0' is not a valid choice.",
		"no-template":  "No autopartitioning template found.",
		"partitioning": "Autopartitioning failed.",
		"unconfigured": "'/' must be configured!",
		"unmounted":    "is not properly mounted",
		"bootblocks":   "Failed to install bootblocks.",
		"install-site": "install.site failed",
	} {
		if _, _, err := guest(t).attempt(static, Fault{What: what}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if len(placeFaults) != 8 {
		t.Error("a fault is not tried here")
	}
}

func TestEveryStepIsReached(t *testing.T) {
	// boot, menu and reboot are before and after the session.
	for _, step := range append(Steps[2:len(Steps)-1:len(Steps)-1], "base79.tgz", "site79.tgz") {
		func() {
			defer func() {
				if got := recover(); got != (ended{"hang", step}) {
					t.Errorf("%s: %v", step, got)
				}
			}()
			_, _, err := guest(t).attempt(static, Fault{"hang", step})
			t.Errorf("%s was not reached: %v", step, err)
		}()
	}
}

func TestAFaultFileThatMeansNothingIsRefused(t *testing.T) {
	for _, text := range []string{"bootblock", "hang", "hang here", "bootblocks sets", "panic base79.tgz now"} {
		if faults, err := ParseFaults(text); err == nil {
			t.Errorf("%q: %v", text, faults)
		}
	}
	faults, err := ParseFaults("# a note\n\npanic base79.tgz\nbootblocks\n")
	if err != nil || len(faults) != 2 || faults[0] != (Fault{"panic", "base79.tgz"}) {
		t.Errorf("%v, %v", faults, err)
	}
}
