package software

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"standin/internal/base"
	"standin/internal/run"
)

const patchDir = "/var/syspatch/"

// relinked files are parts of the kernel.
const relinked = "usr/share/relink/kernel/"

// Syspatch is syspatch(8): [-c | -l]; -r and -R are not here. Exit 2: nothing was there to install.
func Syspatch(args []string) int {
	if len(args) > 1 || len(args) == 1 && !strings.Contains("-c-l-r-R", args[0]) {
		fmt.Fprintln(os.Stderr, "usage: syspatch [-c | -l | -R | -r]")
		return 1
	}
	if len(args) == 1 && args[0] == "-l" {
		return show(installedPatches())
	}
	if !needRoot("syspatch") {
		return 1
	}
	if problem := unreachable(); problem != "" {
		fmt.Fprintln(os.Stderr, problem)
		return 1
	}
	var missing [][]string
	have := " " + strings.Join(installedPatches(), " ") + " "
	for _, patch := range table("patches") {
		if !strings.Contains(have, " "+patch[0]+" ") {
			missing = append(missing, patch)
		}
	}
	sort.Slice(missing, func(i, j int) bool { return missing[i][0] < missing[j][0] })
	if len(args) == 0 {
		return apply(missing)
	}
	if args[0] != "-c" {
		return run.Errorf("syspatch", "%s: not in this stand-in", args[0])
	}
	var names []string
	for _, patch := range missing {
		names = append(names, patch[0])
	}
	return show(names)
}

func show(names []string) int {
	for _, name := range names {
		fmt.Println(name)
	}
	return 0
}

// installedPatches are those whose files from before are kept, of this release.
func installedPatches() []string {
	found, _ := filepath.Glob(root + patchDir + digits() + "-*/rollback.tgz")
	var names []string
	for _, file := range found {
		names = append(names, strings.TrimPrefix(filepath.Base(filepath.Dir(file)), digits()+"-"))
	}
	sort.Strings(names)
	return names
}

func apply(missing [][]string) int {
	if relinking() {
		return run.Errorf("syspatch", "cannot apply patches while reorder_kernel is running")
	}
	if len(missing) == 0 {
		return 2
	}
	relink := false
	for _, patch := range missing {
		fmt.Printf("Get/Verify syspatch%s-%s.tgz 100%% |*****|\nInstalling patch %s\n", digits(), patch[0], patch[0])
		if err := install(patch[0], patch[1:]); err != nil {
			return run.Errorf("syspatch", "failed to apply %s: %v", patch[0], err)
		}
		for _, file := range patch[1:] {
			relink = relink || strings.HasPrefix(file, relinked)
			if file == "usr/sbin/syspatch" {
				fmt.Fprintln(os.Stderr, "syspatch: updated itself, run it again to install missing patches")
				return 2
			}
		}
	}
	if relink {
		fmt.Println("Relinking to create unique kernel... done; reboot to load the new kernel")
		if err := base.InstallKernel(base.NextBuild(base.KernelOnDisk())); err != nil {
			return run.Errorf("syspatch", "%v", err)
		}
	}
	fmt.Println("Errata can be reviewed under /var/syspatch")
	return 0
}

// install keeps what is replaced, then replaces it: here by the same bytes in a new file.
func install(name string, files []string) error {
	dir := root + patchDir + digits() + "-" + name
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	archive, err := os.Create(dir + "/rollback.tgz.new")
	if err != nil {
		return err
	}
	defer archive.Close()
	zipped := gzip.NewWriter(archive)
	kept := tar.NewWriter(zipped)
	for _, file := range files {
		data, err := os.ReadFile(root + "/" + file)
		mode := int64(0o644)
		if info, statErr := os.Stat(root + "/" + file); statErr == nil {
			mode = int64(info.Mode().Perm())
		}
		// A kernel's object file is not on this machine; its name is all that counts.
		kept.WriteHeader(&tar.Header{Name: file, Mode: mode, Size: int64(len(data)), Format: tar.FormatUSTAR})
		kept.Write(data)
		if err == nil {
			if err := run.WriteFile(root+"/"+file, string(data), os.FileMode(mode)); err != nil {
				return err
			}
		}
	}
	if err := kept.Close(); err != nil {
		return err
	}
	if err := zipped.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(dir+"/"+name+".patch.sig", []byte("untrusted comment: the stand-in's\n"), 0o644); err != nil {
		return err
	}
	return os.Rename(dir+"/rollback.tgz.new", dir+"/rollback.tgz")
}

// relinking reports whether the kernel is being linked anew, as syspatch(8) looks for it.
func relinking() bool {
	entries, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, entry := range entries {
		command, _ := os.ReadFile(entry)
		words := strings.Split(string(command), "\x00")
		if words[0] == "/bin/ksh" && strings.Contains(string(command), "reorder_kernel") {
			return true
		}
	}
	return false
}
