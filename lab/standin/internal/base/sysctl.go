package base

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"standin/internal/run"
)

const sysctlDir = "/var/run/sysctl"

// Sysctl is sysctl(8): [-Aaniq] [name[=value] …], -f FILE. A bad name is exit 1 here.
func Sysctl(args []string) int {
	all, nameless, quiet, file := false, false, false, ""
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		for i, flag := range args[0][1:] {
			switch flag {
			case 'a', 'A':
				all = true
			case 'n':
				nameless = true
			case 'q':
				quiet = true
			case 'w', 'i':
			case 'f':
				if file = args[0][i+2:]; file == "" && len(args) > 1 {
					args = args[1:]
					file = args[0]
				}
			default:
				fmt.Fprintln(os.Stderr, "usage: sysctl [-Aanq] [-f file] [name[=value] ...]")
				return 1
			}
			if flag == 'f' {
				break
			}
		}
		args = args[1:]
	}
	print := func(name, value string) {
		switch {
		case nameless && name == "kern.boottime":
			// Without the name it is a number, which is what scripts want.
			fmt.Printf("%d.%06d\n", bootTime().Unix(), bootTime().Nanosecond()/1000)
		case nameless:
			fmt.Println(value)
		default:
			fmt.Println(name + "=" + value)
		}
	}
	if file != "" {
		lines, err := os.ReadFile(file)
		if err != nil {
			return run.Errorf("sysctl", "fopen: %v", reason(err))
		}
		args = sysctlLines(string(lines))
	} else if all || len(args) == 0 {
		for _, v := range sysctlVariables {
			print(v.name, v.read())
		}
		return 0
	}
	code := 0
	for _, arg := range args {
		name, value, set := strings.Cut(arg, "=")
		v, subtree, problem := findSysctl(name)
		switch {
		case problem != "":
			code = run.Errorf("sysctl", "%s", problem)
		case len(subtree) > 0:
			for _, child := range subtree {
				print(child.name, child.read())
			}
		case !set:
			print(v.name, v.read())
		default:
			old := v.read()
			if err := v.write(value); err != nil {
				code = run.Errorf("sysctl", "%s: %v", name, err)
			} else if !quiet {
				fmt.Printf("%s: %s -> %s\n", name, old, value)
			}
		}
	}
	return code
}

// sysctlLines cuts each line of sysctl.conf(5) at its first blank, tab or #, as the loader of 7.8 does.
func sysctlLines(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if end := strings.IndexAny(line, " \t#"); end >= 0 {
			line = line[:end]
		}
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

var ordinals = []string{"top", "second", "third", "fourth", "fifth"}

// findSysctl returns the variable, the variables below a node, or what is wrong with the name.
func findSysctl(name string) (sysctlVariable, []sysctlVariable, string) {
	var subtree []sysctlVariable
	for _, v := range sysctlVariables {
		if v.name == name {
			return v, nil, ""
		}
		if strings.HasPrefix(v.name, name+".") {
			subtree = append(subtree, v)
		}
	}
	if len(subtree) > 0 {
		return sysctlVariable{}, subtree, ""
	}
	parts := strings.Split(name, ".")
	for depth := range parts {
		prefix := strings.Join(parts[:depth+1], ".")
		known := false
		for _, v := range sysctlVariables {
			known = known || v.name == prefix || strings.HasPrefix(v.name, prefix+".")
		}
		if !known && depth < len(ordinals) {
			return sysctlVariable{}, nil, fmt.Sprintf("%s level name %s in %s is invalid", ordinals[depth], parts[depth], name)
		}
	}
	return sysctlVariable{}, nil, name + ": specification is incomplete"
}

// bootTime is when the kernel started, the same at every call.
func bootTime() time.Time {
	for _, line := range run.ReadLines("/proc/stat") {
		var seconds int64
		if n, _ := fmt.Sscanf(line, "btime %d", &seconds); n == 1 {
			return time.Unix(seconds, 0)
		}
	}
	return time.Time{}
}

func (v sysctlVariable) read() string {
	switch v.name {
	case "kern.hostname":
		return Hostname()
	case "kern.osrelease":
		return Release()
	case "kern.osversion":
		return Version()
	case "kern.version":
		return Kernel() + "\n    deraadt@amd64.openbsd.org:/usr/src/sys/arch/amd64/compile/GENERIC"
	case "kern.boottime":
		return bootTime().Format(time.ANSIC)
	case "hw.physmem":
		var info syscall.Sysinfo_t
		syscall.Sysinfo(&info)
		return fmt.Sprint(info.Totalram)
	case "hw.uuid":
		return strings.Join(run.ReadLines("/sys/class/dmi/id/product_uuid"), "")
	}
	if kept := run.ReadLines(filepath.Join(sysctlDir, v.name)); len(kept) > 0 {
		return kept[0]
	}
	if len(v.linux) > 0 {
		if lines := run.ReadLines("/proc/sys/net/" + v.linux[0]); len(lines) > 0 {
			return lines[0]
		}
	}
	return v.value
}

func (v sysctlVariable) write(value string) error {
	if v.readonly || os.Geteuid() != 0 {
		return fmt.Errorf("Operation not permitted")
	}
	if strings.Trim(v.value, "0123456789") == "" && v.value != "" && (value == "" || strings.Trim(value, "0123456789") != "") {
		return fmt.Errorf("illegal value: %s", value)
	}
	if v.name == "kern.hostname" {
		return syscall.Sethostname([]byte(value))
	}
	linux := value
	// Linux knows on and off only; "2" keeps its text, and only what it allows is in force.
	if strings.HasSuffix(v.name, ".forwarding") && value == "2" {
		linux = "1"
	}
	for _, pattern := range v.linux {
		files, _ := filepath.Glob("/proc/sys/net/" + pattern)
		for _, file := range files {
			if err := os.WriteFile(file, []byte(linux+"\n"), 0o644); err != nil {
				return fmt.Errorf("Invalid argument")
			}
		}
	}
	if err := os.MkdirAll(sysctlDir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(sysctlDir, v.name), []byte(value+"\n"), 0o644)
}
