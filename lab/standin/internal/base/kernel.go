package base

import (
	"fmt"
	"os"
	"strings"

	"standin/internal/lazy"
	"standin/internal/run"
)

// What a fresh image says it is. /bsd is the kernel that the next boot runs, a file whose only content
// is its what(1) string; KernelRunning is the copy that the boot made.
const (
	Machine       = "amd64"
	firstKernel   = "OpenBSD 7.9 (GENERIC) #1: Tue May 19 09:12:43 MDT 2026"
	KernelFile    = "/bsd"
	KernelRunning = "/run/kernel"
	// KernelUpgrade holds the number of the release that the next boot brings.
	KernelUpgrade = "/bsd.upgrade"
)

var kernelForm = lazy.Regexp(`^OpenBSD ([0-9]+\.[0-9]+) \(([A-Z.]+)\) #([0-9]+): `)

// Kernel is what the running kernel says of itself, one line.
func Kernel() string {
	if lines := run.ReadLines(KernelRunning); len(lines) > 0 && kernelForm().MatchString(lines[0]) {
		return lines[0]
	}
	return firstKernel
}

// Release is the number of the running release.
func Release() string { return kernelForm().FindStringSubmatch(Kernel())[1] }

// Version is `uname -v`: the configuration and the number of the build.
func Version() string {
	parts := kernelForm().FindStringSubmatch(Kernel())
	return parts[2] + "#" + parts[3]
}

// InstallKernel makes the kernel that the next boot runs.
func InstallKernel(line string) error {
	return run.WriteFile(KernelFile, "\x7fELF\x00@(#)"+line+"\n\x00", 0o700)
}

// NextBuild is the kernel's line with the number of the build counted up, as a patched kernel has it.
func NextBuild(line string) string {
	parts := kernelForm().FindStringSubmatch(line)
	if parts == nil {
		return line
	}
	number := 0
	fmt.Sscan(parts[3], &number)
	return fmt.Sprintf("OpenBSD %s (%s) #%d: Wed Aug 12 03:21:10 MDT 2026", parts[1], parts[2], number+1)
}

// KernelOnDisk is what the kernel of the next boot says of itself.
func KernelOnDisk() string {
	if found := whatStrings(KernelFile); len(found) > 0 {
		return found[0]
	}
	return Kernel()
}

// Boot is what happens before the first process: the upgrade that was prepared, then the kernel.
func Boot([]string) int {
	if release := run.ReadLines(KernelUpgrade); len(release) > 0 {
		_ = InstallKernel("OpenBSD " + release[0] + " (GENERIC) #1: Mon Oct 26 08:40:02 MDT 2026")
		os.Remove(KernelUpgrade)
		fmt.Println("upgrade to " + release[0] + " done")
	} else if _, err := os.Stat(KernelFile); err != nil {
		_ = InstallKernel(firstKernel)
	}
	if err := run.WriteFile(KernelRunning, KernelOnDisk()+"\n", 0o644); err != nil {
		return run.Errorf("boot", "%v", err)
	}
	return 0
}

// What is what(1): the identification strings in files.
func What(args []string) int {
	code := 1
	for _, name := range args {
		if _, err := os.Stat(name); err != nil {
			return run.Errorf("what", "%s: %v", name, reason(err))
		}
		fmt.Println(name)
		for _, text := range whatStrings(name) {
			code = 0
			fmt.Println("\t" + text)
		}
	}
	return code
}

func whatStrings(name string) []string {
	data, _ := os.ReadFile(name)
	var found []string
	for _, piece := range strings.Split(string(data), "@(#)")[1:] {
		if end := strings.IndexAny(piece, "\"\n>\\\x00"); end >= 0 {
			piece = piece[:end]
		}
		found = append(found, piece)
	}
	return found
}
