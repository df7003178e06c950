// Package lazy keeps work out of the start of the program: every face is this one program, a gateway's
// script starts dozens of faces, and the guest has no processor of its own.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp is a pattern that is compiled when it is first asked.
func Regexp(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
