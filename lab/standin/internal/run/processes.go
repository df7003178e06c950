package run

import (
	"os"
	"path/filepath"
)

// Runs reports whether a process has this program.
func Runs(program string) bool {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == program {
			return true
		}
	}
	return false
}
