package base

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"standin/internal/run"
)

// Install is install(1): -b -C -c -D -d -F -p -S -s, -B suffix, -f flags, -g group, -m mode, -o owner.
// Files are 0755 by default, as there; -f and -s have no effect here.
func Install(args []string) int {
	opt, rest, ok := installOptions(args)
	if !ok {
		fmt.Fprintln(os.Stderr, "usage: install [-bCcDdFpSs] [-B suffix] [-f flags] [-g group] [-m mode] [-o owner] source ... target ...")
		return 1
	}
	if opt.flags['d'] {
		for _, dir := range rest {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return run.Errorf("install", "%v", err)
			}
			if err := opt.own(dir); err != nil {
				return run.Errorf("install", "%v", err)
			}
		}
		return 0
	}
	target := rest[len(rest)-1]
	if info, err := os.Stat(target); err == nil && info.IsDir() {
		for _, source := range rest[:len(rest)-1] {
			if err := opt.copy(source, filepath.Join(target, filepath.Base(source))); err != nil {
				return run.Errorf("install", "%v", err)
			}
		}
		return 0
	}
	if len(rest) != 2 {
		return run.Errorf("install", "%s: Not a directory", target)
	}
	if err := opt.copy(rest[0], target); err != nil {
		return run.Errorf("install", "%v", err)
	}
	return 0
}

type installOpts struct {
	flags    map[byte]bool
	mode     os.FileMode
	uid, gid int
	suffix   string
}

func installOptions(args []string) (installOpts, []string, bool) {
	opt := installOpts{flags: map[byte]bool{}, mode: 0o755, uid: -1, gid: -1, suffix: ".old"}
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && len(args[0]) > 1 {
		flag := args[0]
		args = args[1:]
		if flag == "--" {
			break
		}
		for i := 1; i < len(flag); i++ {
			if strings.IndexByte("bCcDdFpSs", flag[i]) >= 0 {
				opt.flags[flag[i]] = true
				continue
			}
			value := flag[i+1:]
			if value == "" {
				if len(args) == 0 {
					return opt, nil, false
				}
				value, args = args[0], args[1:]
			}
			if !opt.value(flag[i], value) {
				return opt, nil, false
			}
			break
		}
	}
	needed := 2
	if opt.flags['d'] {
		needed = 1
	}
	return opt, args, len(args) >= needed
}

func (o *installOpts) value(flag byte, value string) bool {
	var err error
	switch flag {
	case 'B':
		o.suffix = value
	case 'f':
	case 'm':
		var bits uint64
		bits, err = strconv.ParseUint(value, 8, 12)
		o.mode = os.FileMode(bits&0o777) | specialBits(bits)
	case 'o':
		if o.uid, err = strconv.Atoi(value); err != nil {
			var u *user.User
			if u, err = user.Lookup(value); err == nil {
				o.uid, _ = strconv.Atoi(u.Uid)
			} else {
				run.Errorf("install", "unknown user %s", value)
			}
		}
	case 'g':
		if o.gid, err = strconv.Atoi(value); err != nil {
			var g *user.Group
			if g, err = user.LookupGroup(value); err == nil {
				o.gid, _ = strconv.Atoi(g.Gid)
			} else {
				run.Errorf("install", "unknown group %s", value)
			}
		}
	default:
		return false
	}
	return err == nil
}

func specialBits(bits uint64) os.FileMode {
	var mode os.FileMode
	if bits&0o4000 != 0 {
		mode |= os.ModeSetuid
	}
	if bits&0o2000 != 0 {
		mode |= os.ModeSetgid
	}
	if bits&0o1000 != 0 {
		mode |= os.ModeSticky
	}
	return mode
}

func (o installOpts) own(path string) error {
	if err := os.Chown(path, o.uid, o.gid); err != nil {
		return err
	}
	return os.Chmod(path, o.mode)
}

// copy writes beside the target and renames; with -C an equal target is left alone but for its mode.
func (o installOpts) copy(source, target string) error {
	data, err := readAll(source)
	if err != nil {
		return err
	}
	if o.flags['D'] {
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
	}
	old, oldErr := os.ReadFile(target)
	if o.flags['C'] && oldErr == nil && bytes.Equal(old, data) {
		return o.own(target)
	}
	temp, err := os.CreateTemp(filepath.Dir(target), "INS@")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(data); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if err := o.own(temp.Name()); err != nil {
		return err
	}
	if o.flags['b'] && oldErr == nil {
		if err := os.Rename(target, target+o.suffix); err != nil {
			return err
		}
	}
	return os.Rename(temp.Name(), target)
}

func readAll(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
