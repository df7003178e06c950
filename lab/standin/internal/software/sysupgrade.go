package software

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"standin/internal/base"
	"standin/internal/power"
	"standin/internal/run"
)

const setsDir = "/home/_sysupgrade"

// Sysupgrade is sysupgrade(8): [-fkn] [-b dir] [-R version] [installurl]; snapshots are not here. The
// sets are empty files; what is real is that the next boot runs the next release.
func Sysupgrade(args []string) int {
	reboot, next := true, nextRelease(base.Release())
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch args[0] {
		case "-n":
			reboot = false
		case "-f", "-k", "-r":
		case "-R":
			if len(args) < 2 {
				return sysupgradeUsage()
			}
			args = args[1:]
			next = args[0]
		default:
			return sysupgradeUsage()
		}
		args = args[1:]
	}
	if len(args) > 0 {
		return sysupgradeUsage()
	}
	if !needRoot("sysupgrade") {
		return 1
	}
	if used := layout("/usr").percent; used >= 90 {
		return run.Errorf("sysupgrade", "/usr is %d%% full", used)
	}
	url := installURL() + "/" + next + "/" + base.Machine + "/"
	fmt.Println("Fetching from " + url)
	if problem := unreachable(); problem != "" {
		fmt.Fprintln(os.Stderr, problem)
		return 1
	}
	if !isOut(next) {
		fmt.Fprintf(os.Stderr, "ftp: Error retrieving %sSHA256.sig: 404 Not Found\n", url)
		return 1
	}
	if err := os.MkdirAll(root+setsDir, 0o755); err != nil {
		return run.Errorf("sysupgrade", "%v", err)
	}
	for _, set := range []string{"SHA256", "base.tgz", "bsd", "bsd.mp", "bsd.rd", "man.tgz"} {
		name := strings.Replace(set, ".tgz", strings.ReplaceAll(next, ".", "")+".tgz", 1)
		os.WriteFile(root+setsDir+"/"+name, nil, 0o644)
	}
	fmt.Println("Verifying sets.\nFetching updated firmware.")
	if err := run.WriteFile(root+base.KernelUpgrade, next+"\n", 0o700); err != nil {
		return run.Errorf("sysupgrade", "%v", err)
	}
	syscall.Sync()
	if !reboot {
		fmt.Println("Will upgrade on next reboot")
		return 0
	}
	fmt.Println("Upgrading.")
	return power.Reboot(nil)
}

func sysupgradeUsage() int {
	fmt.Fprintln(os.Stderr, "usage: sysupgrade [-fkn] [-b base-directory] [-R version] [installurl | path]")
	return 1
}

// nextRelease counts by tenths, as the real one does with bc(1).
func nextRelease(release string) string {
	var major, minor int
	fmt.Sscanf(release, "%d.%d", &major, &minor)
	if minor++; minor == 10 {
		major, minor = major+1, 0
	}
	return fmt.Sprintf("%d.%d", major, minor)
}

func isOut(release string) bool {
	for _, row := range table("releases") {
		if row[0] == release {
			return true
		}
	}
	return false
}

// Sysmerge is sysmerge(8): nothing differs from the new release's files.
func Sysmerge(args []string) int {
	if !needRoot("sysmerge") {
		return 1
	}
	return 0
}
