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
	for _, dir := range []string{upper, work} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := mount("overlay", rootDir, "overlay", fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", scratch, upper, work)); err != nil {
		return err
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
	dirs := []string{rootDir + "/dev", rootDir, cdDir}
	if l.settled {
		dirs = append(dirs, rootDir)
	}
	l.settled = false
	for _, dir := range dirs {
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
