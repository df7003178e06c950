// Package run starts the Linux programs the faces stand on. They live outside everybody's PATH, so
// that a script which manages the guest finds OpenBSD's commands only.
package run

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// HostDir holds the Linux programs behind the faces.
const HostDir = "/usr/libexec/host/"

// Host runs a program of HostDir and returns its output; the error carries its stderr.
func Host(name string, args ...string) (string, error) {
	return HostInput(nil, name, args...)
}

// HostInput is Host with something on stdin.
func HostInput(stdin io.Reader, name string, args ...string) (string, error) {
	cmd := exec.Command(HostDir+name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("%s: %v: %s", name, err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}

// Busybox runs one of busybox's applets.
func Busybox(args ...string) (string, error) { return Host("busybox", args...) }

// Errorf prints "NAME: message" to stderr and returns the exit code 1.
func Errorf(name, format string, args ...interface{}) int {
	fmt.Fprintf(os.Stderr, name+": "+format+"\n", args...)
	return 1
}

// ReadLines returns the lines of a file; a missing file has none.
func ReadLines(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil || len(data) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// WriteFile replaces a file in one step.
func WriteFile(path, text string, mode os.FileMode) error {
	temp := path + ".tmp"
	if err := os.WriteFile(temp, []byte(text), mode); err != nil {
		return err
	}
	return os.Rename(temp, path)
}
