package flow

import (
	"reflect"
	"strings"
	"testing"
)

func TestAStaticInstallation(t *testing.T) {
	f := guest(t)
	shown, left, err := f.attempt(static)
	if err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	if !strings.Contains(shown, "CONGRATULATIONS! Your OpenBSD install has been successfully completed!") {
		t.Error("no congratulations")
	}
	if len(left) > 0 {
		t.Errorf("never asked: %q", left)
	}
	if want := []string{"bsd", "bsd.rd", "base79.tgz", "man79.tgz", "site79.tgz"}; !reflect.DeepEqual(f.installed, want) {
		t.Errorf("installed %q", f.installed)
	}
	for name, want := range map[string]string{
		"etc/myname": "gw.example.net\n", "etc/mygate": "10.10.0.1\n", "etc/hostname.vio0": "inet 10.10.0.2 0xffffff00\n",
		"root/.ssh/authorized_keys": "ssh-ed25519 AAAA== admin\n", "etc/ssh/sshd_config": "PermitRootLogin prohibit-password\nPort 22\n",
		"etc/boot.conf": "stty com0 115200\nset tty com0\n", "etc/shadow": "root:*:::::::\n", "etc/resolv.conf": "",
	} {
		if got := f.text(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestWhatIsAskedDependsOnTheMachine(t *testing.T) {
	without := func(key string) string {
		var lines []string
		for _, line := range strings.Split(static, "\n") {
			if !strings.HasPrefix(line, key) {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "\n")
	}
	dhcp := strings.Replace(static, "10.10.0.2/24", "autoconf", 1)
	for name, c := range map[string]struct {
		change    func(*fake)
		responses string
		asked     string
		fails     string
	}{
		"a static address needs a route":    {func(*fake) {}, without("Default IPv4 route"), "", "Default IPv4 route? (IPv4 address or 'none')"},
		"an address without prefix a mask":  {func(*fake) {}, strings.Replace(static, "/24", "", 1), "Netmask for vio0? [255.255.255.0]", ""},
		"DHCP's router is not asked about":  {func(f *fake) { f.lease.Router = "10.10.0.1" }, dhcp, "DNS domain name? (e.g. 'example.com') [my.domain]", ""},
		"DHCP's domain is the default":      {func(f *fake) { f.lease.Domain = "lan" }, dhcp, "DNS domain name? (e.g. 'example.com') [lan] example.net", ""},
		"a root password must be set":       {func(*fake) {}, without("Password"), "", "Password for root account?"},
		"a screen asks about X":             {func(f *fake) { f.video = true }, static, "X Window System? [yes]", ""},
		"no serial console, a keyboard":     {func(f *fake) { f.com = 0 }, static, "Choose your keyboard layout ('?' or 'L' for list) [default]", ""},
		"OpenBSD's own partition":           {func(f *fake) { f.disks[0].HeldOpenBSD = true }, static, "Use (W)hole disk MBR, whole disk (G)PT, (O)penBSD area or (E)dit? [OpenBSD] whole", ""},
		"no template, a layout":             {func(*fake) {}, without("URL to"), "Use (A)uto layout, (E)dit auto layout, or create (C)ustom layout? [a]", ""},
		"a second disk":                     {func(f *fake) { f.disks = append(f.disks, Disk{Name: "sd1", Bytes: 1}) }, static, "Which disk do you wish to initialize? (or 'done') [done]", ""},
		"the default of the sets is http":   {func(*fake) {}, without("Location of sets"), "[http]", "http"},
		"unsigned sets need a yes":          {func(*fake) {}, without("Directory does"), "Continue without verification? [no] no", "given up"},
		"two processors need bsd.mp":        {func(f *fake) { f.cpus = 2 }, strings.Replace(static, "-comp*", "-bsd.mp", 1), "without 'bsd.mp'? [no] no", "bsd.mp"},
		"no INSTALL.amd64":                  {func(f *fake) { f.cds["cd0"] += "/7.9" }, strings.Replace(static, "7.9/amd64", "/", 1), "INSTALL.amd64 not found. Use sets found here anyway? [no]", ""},
		"a disk that is none":               {func(*fake) {}, strings.Replace(static, "= sd0", "= wd0", 1), "", "'wd0' is not a valid choice."},
		"an unreadable template":            {func(f *fake) { f.files = nil }, static, "", "No autopartitioning template found"},
		"a template without /":              {func(f *fake) { f.files["file:///disklabel.template"] = "/usr 1G\n" }, static, "", "'/' must be configured!"},
		"a template too large for the disk": {func(f *fake) { f.disks[0].Bytes = 1 << 30 }, static, "", "Autopartitioning failed"},
		"install.site fails":                {func(f *fake) { f.siteFails = true }, static, "", "install.site failed"},
		"a comma ends no key":               {func(*fake) {}, strings.Replace(static, "Use (W)hole disk", "Use (W)hole disk MBR", 1), "[whole] whole", ""},
		"without done the sets are shown again": {func(*fake) {}, strings.Replace(static, "+site* done", "+site*", 1),
			"Set name(s)? (or 'abort' or 'done') [done] done", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := guest(t)
			c.change(f)
			shown, _, err := f.attempt(c.responses)
			if !strings.Contains(shown, c.asked) {
				t.Errorf("not asked: %s\n%s", c.asked, shown)
			}
			if c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func TestASecondInterfaceIsNamedAndAMACNamesItsFile(t *testing.T) {
	f := guest(t)
	f.nics = append(f.nics, NIC{"vio1", "52:54:00:0a:0a:99"})
	responses := strings.Replace(static, "Network interface to configure = done\n", `Network interface to configure = 52:54:00:0a:0a:99
Symbolic (host) name for 52:54:00:0a:0a:99 = inner
IPv4 address for 52:54:00:0a:0a:99 = 192.0.2.1
Netmask for 52:54:00:0a:0a:99 = 255.255.255.240
Network interface to configure = done
`, 1)
	if shown, _, err := f.attempt(responses); err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	if got := f.text("etc/hostname.52:54:00:0a:0a:99"); got != "inet 192.0.2.1 0xfffffff0\n" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(f.text("etc/hosts"), "192.0.2.1\tinner.example.net inner\n") {
		t.Errorf("%q", f.text("etc/hosts"))
	}
}

func TestTheSiteSetFromASecondCD(t *testing.T) {
	f := guest(t)
	f.cds["cd1"] = t.TempDir()
	f.put(f.cds["cd1"], "site79.tgz", "")
	responses := strings.Replace(static, "Location of sets = done\n", `Location of sets = cd1
Pathname to the sets = /
INSTALL.amd64 not found. Use sets found here anyway = yes
Set name(s) = +site* done
Directory does not contain SHA256.sig. Continue without verification = yes
Location of sets = done
`, 1)
	shown, left, err := f.attempt(strings.Replace(responses, " +site* done\nDirectory", " done\nDirectory", 1))
	if err != nil || len(left) > 0 {
		t.Fatalf("%v, never asked: %q\n%s", err, left, shown)
	}
	if last := f.installed[len(f.installed)-1]; last != "site79.tgz" {
		t.Errorf("installed %q", f.installed)
	}
}

func TestTheSiteSetOfThisHostNeedsNoWord(t *testing.T) {
	f := guest(t)
	f.put(f.cds["cd0"], "7.9/amd64/site79-gw.tgz", "")
	if shown, _, err := f.attempt(strings.Replace(static, "+site* ", "", 1)); err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	if last := f.installed[len(f.installed)-1]; last != "site79-gw.tgz" {
		t.Errorf("installed %q", f.installed)
	}
}
