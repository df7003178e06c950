package software

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"standin/internal/base"
	"standin/internal/lazy"
	"standin/internal/run"
)

const pkgDB = "/var/db/pkg/"

// pkgName is a package's name in its parts (packages-specs(7)).
type pkgName struct{ full, stem, version, flavor string }

var nameForm = lazy.Regexp(`^(.*?)-([0-9][^-]*)(?:-(.*))?$`)

func parseName(full string) pkgName {
	parts := nameForm().FindStringSubmatch(full)
	if parts == nil {
		return pkgName{full: full, stem: full}
	}
	return pkgName{full, parts[1], parts[2], parts[3]}
}

// matches reports whether the name is meant by STEM, STEM--FLAVOR, STEM%BRANCH or the whole name.
func (n pkgName) matches(spec string) bool {
	spec, branch, _ := strings.Cut(spec, "%")
	stem, flavor, flavored := strings.Cut(spec, "--")
	if branch != "" && n.version != branch && !strings.HasPrefix(n.version, branch+".") {
		return false
	}
	return n.full == spec || n.stem == stem && (!flavored || n.flavor == flavor)
}

func available() map[string][]string {
	rows := table("packages")
	if len(rows) == 0 {
		rows = words(catalogue)
	}
	all := map[string][]string{}
	for _, row := range rows {
		all[row[0]] = row[1:]
	}
	return all
}

func installedNames() []string {
	entries, _ := os.ReadDir(root + pkgDB)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// find returns the names that a spec means, sorted.
func find(names []string, spec string) []string {
	var found []string
	for _, name := range names {
		if parseName(name).matches(spec) {
			found = append(found, name)
		}
	}
	sort.Strings(found)
	return found
}

// splitFlags takes the letters of the options away from the names.
func splitFlags(args []string) (flags string, rest []string) {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && len(args[0]) > 1 {
		flags += args[0][1:]
		args = args[1:]
	}
	return flags, args
}

// PkgAdd is pkg_add(1): [-Iiuvx] [package …]. -u finds that everything is current.
func PkgAdd(args []string) int {
	flags, specs := splitFlags(args)
	if strings.Trim(flags, "Iiuvx") != "" {
		return run.Errorf("pkg_add", "-%s: not in this stand-in", flags)
	}
	if !needRoot("pkg_add") {
		return 1
	}
	if problem := unreachable(); problem != "" {
		fmt.Fprintf(os.Stderr, "%s/%s/packages/%s/: %s\n", installURL(), base.Release(), base.Machine, problem)
		for _, spec := range specs {
			fmt.Fprintln(os.Stderr, "Can't find "+spec)
		}
		return 1
	}
	fmt.Println("quirks-7.165 signed on 2026-05-18T20:14:12Z")
	if strings.Contains(flags, "u") {
		return 0
	}
	all, code := available(), 0
	var names []string
	for name := range all {
		names = append(names, name)
	}
	for _, spec := range specs {
		switch found := find(names, spec); {
		case len(found) == 0:
			fmt.Fprintln(os.Stderr, "Can't find "+spec)
			code = 1
		case len(found) > 1:
			fmt.Fprintf(os.Stderr, "Ambiguous: %s could be %s\n", spec, strings.Join(found, " "))
			code = 1
		default:
			if err := add(found[0], all, true); err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}
	}
	if code != 0 {
		fmt.Fprintln(os.Stderr, "Couldn't install everything")
	}
	return code
}

// add installs a package after what it depends on; one of the same stem is a conflict.
func add(name string, all map[string][]string, manual bool) error {
	dir := root + pkgDB + name
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parsed := parseName(name)
	for _, other := range installedNames() {
		if o := parseName(other); o.stem == parsed.stem && o.version == parsed.version {
			return fmt.Errorf("Can't install %s because of conflicts (%s)", name, other)
		}
	}
	for _, dependency := range all[name] {
		if err := add(dependency, all, false); err != nil {
			return err
		}
		required := root + pkgDB + dependency + "/+REQUIRED_BY"
		lines := append(run.ReadLines(required), name)
		os.WriteFile(required, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
	}
	program := "/usr/local/bin/" + parsed.stem
	contents := []string{"@name " + name}
	if manual {
		contents = append(contents, "@option manual-installation")
	}
	for _, dependency := range all[name] {
		contents = append(contents, "@depend "+parseName(dependency).stem+":"+dependency)
	}
	contents = append(contents, "@cwd /usr/local", "@bin bin/"+parsed.stem)
	if err := os.MkdirAll(root+filepath.Dir(program), 0o755); err != nil {
		return err
	}
	script := "#!/bin/sh\necho '" + name + ": not in this stand-in' >&2\nexit 1\n"
	if err := os.WriteFile(root+program, []byte(script), 0o755); err != nil {
		return err
	}
	// The entry comes in one step, when everything is there.
	partial := root + pkgDB + "partial-" + name
	if err := os.MkdirAll(partial, 0o755); err != nil {
		return err
	}
	os.WriteFile(partial+"/+CONTENTS", []byte(strings.Join(contents, "\n")+"\n"), 0o644)
	os.WriteFile(partial+"/+DESC", []byte(parsed.stem+" of the stand-in\n"), 0o644)
	fmt.Println(name + ": ok")
	return os.Rename(partial, dir)
}

func isManual(name string) bool {
	for _, line := range run.ReadLines(root + pkgDB + name + "/+CONTENTS") {
		if line == "@option manual-installation" {
			return true
		}
	}
	return false
}

// PkgDelete is pkg_delete(1): [-aIivx] [package …]. -a removes what was not asked for and nothing needs.
func PkgDelete(args []string) int {
	flags, specs := splitFlags(args)
	if strings.Trim(flags, "aIivx") != "" {
		return run.Errorf("pkg_delete", "-%s: not in this stand-in", flags)
	}
	if !needRoot("pkg_delete") {
		return 1
	}
	code := 0
	for _, spec := range specs {
		found := find(installedNames(), spec)
		if len(found) != 1 {
			fmt.Fprintln(os.Stderr, "Problem finding "+spec)
			code = 1
			continue
		}
		if needed := run.ReadLines(root + pkgDB + found[0] + "/+REQUIRED_BY"); len(needed) > 0 {
			fmt.Fprintf(os.Stderr, "Can't remove %s without also removing:\n%s\n", found[0], strings.Join(needed, "\n"))
			code = 1
			continue
		}
		remove(found[0])
	}
	for again := strings.Contains(flags, "a"); again; {
		again = false
		for _, name := range installedNames() {
			if !isManual(name) && len(run.ReadLines(root+pkgDB+name+"/+REQUIRED_BY")) == 0 {
				remove(name)
				again = true
			}
		}
	}
	return code
}

func remove(name string) {
	for _, line := range run.ReadLines(root + pkgDB + name + "/+CONTENTS") {
		if file, ok := strings.CutPrefix(line, "@bin "); ok {
			os.Remove(root + "/usr/local/" + file)
		}
	}
	os.RemoveAll(root + pkgDB + name)
	for _, other := range installedNames() {
		required := root + pkgDB + other + "/+REQUIRED_BY"
		lines := run.ReadLines(required)
		var left []string
		for _, line := range lines {
			if line != name {
				left = append(left, line)
			}
		}
		if len(left) == 0 {
			os.Remove(required)
		} else if len(left) < len(lines) {
			os.WriteFile(required, []byte(strings.Join(left, "\n")+"\n"), 0o644)
		}
	}
	fmt.Println(name + ": ok")
}

// PkgInfo is pkg_info(1): [-mq], -e SPEC.
func PkgInfo(args []string) int {
	flags, specs := splitFlags(args)
	if strings.Trim(flags, "aemq") != "" {
		return run.Errorf("pkg_info", "-%s: not in this stand-in", flags)
	}
	names := installedNames()
	if strings.Contains(flags, "e") || len(specs) > 0 {
		for _, spec := range specs {
			if len(find(names, spec)) == 0 {
				return 1
			}
		}
		return 0
	}
	for _, name := range names {
		switch {
		case strings.Contains(flags, "m") && !isManual(name):
		case strings.Contains(flags, "q"):
			fmt.Println(name)
		default:
			fmt.Printf("%-19s %s of the stand-in\n", name, parseName(name).stem)
		}
	}
	return 0
}
