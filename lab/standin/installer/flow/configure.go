package flow

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"standin/installer/ask"
)

// noPassword: 13 asterisks, which autoinstall(8) takes as they are.
var noPassword = regexp.MustCompile(`^\*{13}$`)

// bcrypt hashes are taken as they are, too.
var bcrypt = regexp.MustCompile(`^\$2[aby]?\$[0-9]{2}\$.{53}$`)

var permitRootLogin = regexp.MustCompile(`(?m)^#?PermitRootLogin .*$`)

// configure writes the answers into the new system.
func (s *Session) configure() error {
	s.Faults.Reach("configure")
	fmt.Fprint(s.Out, "Saving configuration files...")
	for _, part := range []func() error{s.writeNetwork, s.writeAccess, s.writeConsole, s.writeSystem} {
		if err := part(); err != nil {
			return ask.Abort{Line: err.Error()}
		}
	}
	fmt.Fprint(s.Out, " done.\nMaking all device nodes... done.\n")
	return nil
}

// write replaces a file of the new system.
func (s *Session) write(name, text string, mode os.FileMode) error {
	path := filepath.Join(s.Machine.Root(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// edit changes a file of the new system that is there already.
func (s *Session) edit(name string, change func(string) string) error {
	path := filepath.Join(s.Machine.Root(), name)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(change(string(text))), 0o600)
}

func (s *Session) writeNetwork() error {
	a := s.answers
	files := map[string]string{"etc/myname": a.hostname + "." + a.domain + "\n"}
	hosts := "127.0.0.1\tlocalhost\n::1\t\tlocalhost\n"
	for _, iface := range a.interfaces {
		switch iface.address {
		case "none":
			continue
		case "autoconf":
			files["etc/hostname."+iface.name] = "inet autoconf\n"
			continue
		}
		ip, network, err := net.ParseCIDR(iface.address)
		if err != nil {
			return err
		}
		files["etc/hostname."+iface.name] = fmt.Sprintf("inet %s 0x%s\n", ip, network.Mask)
		hosts += fmt.Sprintf("%s\t%s.%s %s\n", ip, iface.hostname, a.domain, iface.hostname)
	}
	files["etc/hosts"] = hosts
	if a.router != "" && a.router != "none" {
		files["etc/mygate"] = a.router + "\n"
	}
	if a.dns != "none" {
		resolv := ""
		for _, server := range strings.Fields(a.dns) {
			resolv += "nameserver " + server + "\n"
		}
		files["etc/resolv.conf"] = resolv + "lookup file bind\n"
	}
	// The system's own default would be a second opinion on the same interface.
	stale, _ := filepath.Glob(filepath.Join(s.Machine.Root(), "etc/hostname.*"))
	for _, path := range stale {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	for name, text := range files {
		mode := os.FileMode(0o644)
		if strings.HasPrefix(name, "etc/hostname.") {
			mode = 0o640
		}
		if err := s.write(name, text, mode); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) writeAccess() error {
	a := s.answers
	hash := "*"
	switch {
	case bcrypt.MatchString(a.password):
		hash = a.password
	case !noPassword.MatchString(a.password):
		return fmt.Errorf("stand-in: root's password must be a bcrypt hash or 13 asterisks")
	}
	if err := s.edit("etc/shadow", func(text string) string {
		return regexp.MustCompile(`(?m)^root:[^:]*:`).ReplaceAllLiteralString(text, "root:"+hash+":")
	}); err != nil {
		return err
	}
	if a.sshKey != "none" && a.sshKey != "" {
		if err := s.write("root/.ssh/authorized_keys", a.sshKey+"\n", 0o600); err != nil {
			return err
		}
		if err := os.Chmod(filepath.Join(s.Machine.Root(), "root/.ssh"), 0o700); err != nil {
			return err
		}
	}
	if !a.sshd {
		return s.write("etc/rc.conf.local", "sshd_flags=NO\n", 0o644)
	}
	return s.edit("etc/ssh/sshd_config", func(text string) string {
		line := "PermitRootLogin " + a.rootLogin
		if permitRootLogin.MatchString(text) {
			return permitRootLogin.ReplaceAllLiteralString(text, line)
		}
		return line + "\n" + text
	})
}

func (s *Session) writeConsole() error {
	if !s.answers.console {
		return nil
	}
	speed := s.answers.consoleSpeed
	if err := s.write("etc/boot.conf", fmt.Sprintf("stty com0 %s\nset tty com0\n", speed), 0o644); err != nil {
		return err
	}
	return s.write("etc/ttys", fmt.Sprintf("console\t\"/usr/libexec/getty std.9600\"\tvt220\toff secure\ntty00\t\"/usr/libexec/getty std.%s\"\tvt220\ton  secure\n", speed), 0o644)
}

func (s *Session) writeSystem() error {
	files := map[string]string{
		"etc/installurl": "https://cdn.openbsd.org/pub/OpenBSD\n",
		"etc/fstab":      "/dev/" + s.answers.disk + "a / ffs rw,wxallowed 1 1\n",
		// The order is the installer's: what the site set appends runs after it.
		"etc/rc.firsttime": "/usr/sbin/fw_update\necho \"Checking for available binary patches...\"\n/usr/sbin/syspatch -c\n",
	}
	for name, text := range files {
		if err := s.write(name, text, 0o644); err != nil {
			return err
		}
	}
	localtime := filepath.Join(s.Machine.Root(), "etc/localtime")
	os.Remove(localtime)
	return os.Symlink("/usr/share/zoneinfo/"+s.answers.timezone, localtime)
}
