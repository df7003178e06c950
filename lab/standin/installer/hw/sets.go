package hw

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

const cdDir = "/mnt2"

func (l *Linux) OpenCD(name string) (string, func(), error) {
	if err := mount(linuxDevice(name), cdDir, "iso9660", "ro"); err != nil {
		return "", nil, err
	}
	return cdDir, func() { unmount(cdDir) }, nil
}

// InstallSet puts the site sets on top of what is kept: they come last and may change anything.
func (l *Linux) InstallSet(name string, content io.Reader) error {
	if !strings.HasSuffix(name, ".tgz") {
		return save(filepath.Join(rootDir, name), content)
	}
	if strings.HasPrefix(name, "site") {
		if err := l.Settle(); err != nil {
			return err
		}
	}
	tar := exec.Command(Tools+"busybox", "tar", "-z", "-x", "-p", "-f", "-", "-C", rootDir)
	tar.Stdin = content
	if said, err := tar.CombinedOutput(); err != nil {
		return fmt.Errorf("tar: %v: %s", err, strings.TrimSpace(string(said)))
	}
	return nil
}

func save(path string, content io.Reader) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o700)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(file, content)
	return err
}

// Settle lays what is kept over what was unpacked, exactly as the installed system will see it.
func (l *Linux) Settle() error {
	if l.settled {
		return nil
	}
	for _, dir := range overlaid {
		name := strings.ReplaceAll(dir, "/", "-")
		upper, work := filepath.Join(kept, name), filepath.Join(kept, "."+name)
		for _, d := range []string{upper, work, filepath.Join(rootDir, dir)} {
			if err := os.MkdirAll(d, 0o755); err != nil {
				return err
			}
		}
		// The directory itself is the upper one: it must have the mode of the one below.
		info, err := os.Stat(filepath.Join(scratch, dir))
		if err != nil {
			return err
		}
		if err := os.Chmod(upper, info.Mode().Perm()); err != nil {
			return err
		}
		options := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", filepath.Join(scratch, dir), upper, work)
		if err := mount("overlay", filepath.Join(rootDir, dir), "overlay", options); err != nil {
			return err
		}
	}
	l.settled = true
	if err := os.MkdirAll(rootDir+"/dev", 0o755); err != nil {
		return err
	}
	return bind("/dev", rootDir+"/dev")
}

func (l *Linux) InstallSite(out io.Writer) error {
	if _, err := os.Stat(filepath.Join(rootDir, "install.site")); err != nil {
		return nil
	}
	site := exec.Command("/install.site")
	site.SysProcAttr = &syscall.SysProcAttr{Chroot: rootDir}
	site.Dir = "/"
	site.Env = []string{"HOME=/root", "PATH=/sbin:/bin:/usr/sbin:/usr/bin"}
	site.Stdout, site.Stderr = out, out
	return site.Run()
}

// Release takes everything off again and, after a good end, what only the installation needed.
func (l *Linux) Release(done bool) error {
	l.settled = false
	dirs := []string{rootDir + "/dev"}
	for _, dir := range overlaid {
		dirs = append(dirs, filepath.Join(rootDir, dir))
	}
	for _, dir := range append(dirs, rootDir, cdDir) {
		unmount(dir)
	}
	if done {
		if err := os.RemoveAll(scratch); err != nil {
			return err
		}
	}
	unmount(kept)
	syscall.Sync()
	return nil
}
