package hw

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// command runs one of the ramdisk's tools; the error has what it said.
func command(name string, args ...string) error {
	said, err := exec.Command(Tools+name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %v: %s", name, err, strings.TrimSpace(string(said)))
	}
	return nil
}

func busybox(args ...string) error { return command("busybox", args...) }

// mount takes the options that mount(8) takes: noatime and ro are flags, the rest is the file system's.
func mount(what, where, kind, options string) error {
	if err := os.MkdirAll(where, 0o755); err != nil {
		return err
	}
	return busybox("mount", "-t", kind, "-o", options, what, where)
}

func bind(what, where string) error {
	return syscall.Mount(what, where, "", syscall.MS_BIND, "")
}

// unmount: what is not mounted is no error.
func unmount(where string) { _ = syscall.Unmount(where, 0) }
