package flow

import (
	"fmt"
	"strings"

	"standin/installer/ask"
)

// FaultFile, in the top directory of any CD, tells the stand-in how to fail. One fault per line.
const FaultFile = "standin-fault"

// What can go wrong at a step: `panic disk`. See Steps.
var stepFaults = map[string]bool{"hang": true, "panic": true, "reset": true, "poweroff": true}

// What goes wrong at one place only.
var placeFaults = map[string]bool{
	"question": true, "choice": true, "no-template": true, "partitioning": true, "unconfigured": true,
	"unmounted": true, "bootblocks": true, "install-site": true,
}

// Steps in the order in which they come. Installing a set is a step of the set's name besides: base79.tgz.
var Steps = []string{"boot", "menu", "questions", "disk", "filesystems", "sets", "verify", "configure",
	"bootblocks", "install.site", "congratulations", "reboot"}

// Fault is one way to fail.
type Fault struct{ What, Step string }

// ParseFaults reads a fault file. @error for a line that means nothing: a test that asks for a fault and
// gets none would pass for the wrong reason.
func ParseFaults(text string) ([]Fault, error) {
	var faults []Fault
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case len(words) == 1 && placeFaults[words[0]]:
			faults = append(faults, Fault{What: words[0]})
		case len(words) == 2 && stepFaults[words[0]] && isStep(words[1]):
			faults = append(faults, Fault{words[0], words[1]})
		default:
			return nil, fmt.Errorf("%s: no such fault: %s", FaultFile, strings.TrimSpace(line))
		}
	}
	return faults, nil
}

func isStep(name string) bool {
	for _, step := range Steps {
		if name == step {
			return true
		}
	}
	return isSetName(name)
}

// Faults is what the stand-in was told, and how it carries out what ends everything.
type Faults struct {
	List []Fault
	// End carries out hang, panic, reset and poweroff; it does not return.
	End func(what, step string)
}

func (f Faults) has(what string) bool {
	for _, fault := range f.List {
		if fault.What == what {
			return true
		}
	}
	return false
}

// Reach is called when a step begins.
func (f Faults) Reach(step string) {
	for _, fault := range f.List {
		if fault.Step == step {
			f.End(fault.What, step)
		}
	}
}

func (f Faults) fail(what, line string) error {
	if f.has(what) {
		return ask.Abort{Line: line}
	}
	return nil
}
