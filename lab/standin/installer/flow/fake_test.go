package flow

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/installer/ask"
	"standin/installer/respond"
)

// fake is a machine whose new system is a directory and whose CDs are directories.
type fake struct {
	t         *testing.T
	nics      []NIC
	disks     []Disk
	cds       map[string]string
	lease     Lease
	video     bool
	com, cpus int
	root      string
	files     map[string]string
	installed []string
	formatted string
	siteFails bool
}

func guest(t *testing.T) *fake {
	f := &fake{t: t, nics: []NIC{{"vio0", "52:54:00:0a:0a:02"}}, disks: []Disk{{Name: "sd0", Bytes: 20 << 30}},
		com: 115200, cpus: 1, root: t.TempDir(), cds: map[string]string{"cd0": t.TempDir()},
		files: map[string]string{"file:///disklabel.template": "/ 1G-* 95%\nswap 128M-1G 5%\n"}}
	for name, text := range map[string]string{"etc/shadow": "root:*:::::::\n", "etc/ssh/sshd_config": "#PermitRootLogin no\nPort 22\n",
		"etc/hostname.vio0": "inet autoconf\n"} {
		f.put(f.root, name, text)
	}
	for _, name := range []string{"bsd", "bsd.mp", "bsd.rd", "base79.tgz", "man79.tgz", "comp79.tgz", "xbase79.tgz", "site79.tgz", "INSTALL.amd64"} {
		f.put(f.cds["cd0"], "7.9/amd64/"+name, name)
	}
	return f
}

func (f *fake) put(dir, name, text string) {
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fake) text(name string) string {
	text, _ := os.ReadFile(filepath.Join(f.root, name))
	return string(text)
}

func (f *fake) NICs() []NIC   { return f.nics }
func (f *fake) Disks() []Disk { return f.disks }
func (f *fake) CDs() []string {
	var names []string
	for i := range f.cds {
		names = append(names, i)
	}
	return names
}
func (f *fake) ComSpeed() int               { return f.com }
func (f *fake) Video() bool                 { return f.video }
func (f *fake) CPUs() int                   { return f.cpus }
func (f *fake) Static(string, string) error { return nil }
func (f *fake) Lease(string) (Lease, error) { return f.lease, nil }
func (f *fake) Root() string                { return f.root }
func (f *fake) Settle() error               { return nil }
func (f *fake) BootBlocks(string) error     { return nil }

func (f *fake) Fetch(url string) ([]byte, error) {
	if text, found := f.files[url]; found {
		return []byte(text), nil
	}
	return nil, fmt.Errorf("ftp: %s: No such file or directory", url)
}

func (f *fake) Format(disk string) error {
	f.formatted = disk
	return nil
}

func (f *fake) OpenCD(name string) (string, func(), error) { return f.cds[name], func() {}, nil }

func (f *fake) InstallSet(name string, content io.Reader) error {
	f.installed = append(f.installed, name)
	_, err := io.Copy(io.Discard, content)
	return err
}

func (f *fake) InstallSite(io.Writer) error {
	if f.siteFails {
		return fmt.Errorf("exit status 1")
	}
	return nil
}

// ended is what endings of a Faults do in a test.
type ended struct{ what, step string }

// attempt runs an unattended installation and gives what was shown.
func (f *fake) attempt(responses string, faults ...Fault) (shown string, left []string, err error) {
	var out strings.Builder
	file := respond.Parse(responses)
	s := Session{Asker: &ask.Asker{Out: &out, Responses: file}, Out: &out, Machine: f, Version: "7.9",
		Faults: Faults{List: faults, End: func(what, step string) { panic(ended{what, step}) }}}
	err = s.Install()
	return out.String(), file.Left(), err
}

const static = `System hostname = gw
Network interface to configure = vio0
IPv4 address for vio0 = 10.10.0.2/24
IPv6 address for vio0 = none
Network interface to configure = done
Default IPv4 route = 10.10.0.1
DNS domain name = example.net
Password for root account = *************
Public ssh key for root account = ssh-ed25519 AAAA== admin
Start sshd(8) by default = yes
Change the default console to com0 = yes
Which speed should com0 use = 115200
Setup a user = no
Allow root ssh login = prohibit-password
What timezone are you in = Europe/Berlin
Which disk is the root disk = sd0
Encrypt the root disk with a (p)assphrase or (k)eydisk = no
Use (W)hole disk = whole
URL to autopartitioning template for disklabel = file:///disklabel.template
Location of sets = cd0
Pathname to the sets = 7.9/amd64
Set name(s) = -x* -game* -comp* +site* done
Directory does not contain SHA256.sig. Continue without verification = yes
Location of sets = done
`
