package ikedconf

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"standin/internal/lazy"
	"standin/internal/run"
)

// Ikectl is ikectl(8): the portable one, with what differs from OpenBSD's put right in its output.
func Ikectl(args []string) int {
	cmd := exec.Command(run.HostDir+"ikectl", args...)
	cmd.Args[0] = "ikectl"
	var output bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	show := len(args) > 1 && args[0] == "show"
	if show {
		cmd.Stdout = &output
	}
	err := cmd.Run()
	if show {
		fmt.Print(native(output.String()))
	}
	if err != nil {
		if exit, ok := err.(*exec.ExitError); ok {
			return exit.ExitCode()
		}
		return run.Errorf("ikectl", "%v", err)
	}
	if len(args) > 0 && (args[0] == "reload" || args[0] == "load") {
		if _, err := run.Host("faces", "--satags"); err != nil {
			return run.Errorf("ikectl", "%v", err)
		}
	}
	return 0
}

var flowLine = lazy.Regexp(`^\s*(?:sa_flows|iked_flows): \S+ \S+ (in|out) (\S+) -> (\S+) `)

// native drops the flows that only Linux has (an "out" one for forwarded packets beside each "in" one)
// and writes null pointers and the UDP flag as OpenBSD's C library and today's iked do.
func native(text string) string {
	lines := strings.SplitAfter(text, "\n")
	in := map[string]bool{}
	for _, line := range lines {
		if m := flowLine().FindStringSubmatch(line); m != nil && m[1] == "in" {
			in[m[2]+" "+m[3]] = true
		}
	}
	var out strings.Builder
	for _, line := range lines {
		if m := flowLine().FindStringSubmatch(line); m != nil && m[1] == "out" && in[m[2]+" "+m[3]] {
			continue
		}
		out.WriteString(strings.NewReplacer("(nil)", "0x0", " udpecap ", " udpencap ").Replace(line))
	}
	return out.String()
}
