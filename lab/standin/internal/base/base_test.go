package base

import (
	"os"
	"path/filepath"
	"reflect"
	"syscall"
	"testing"
)

func TestUnknownSysctlNames(t *testing.T) {
	for name, want := range map[string]string{
		"foo.bar":                   "top level name foo in foo.bar is invalid",
		"net.foo":                   "second level name foo in net.foo is invalid",
		"net.inet.foo.bar":          "third level name foo in net.inet.foo.bar is invalid",
		"net.inet.ip.foo":           "fourth level name foo in net.inet.ip.foo is invalid",
		"net.inet6.ip6.soiikey":     "fourth level name soiikey in net.inet6.ip6.soiikey is invalid",
		"net.ipv4.ip_forward":       "second level name ipv4 in net.ipv4.ip_forward is invalid",
		"net.inet.esp.enable.extra": "fifth level name extra in net.inet.esp.enable.extra is invalid",
	} {
		if _, _, problem := findSysctl(name); problem != want {
			t.Errorf("%s: %q", name, problem)
		}
	}
	if _, below, _ := findSysctl("net.inet.esp"); len(below) != 3 {
		t.Errorf("a node lists what is below it: %v", below)
	}
	if v, _, problem := findSysctl("net.inet.ip.forwarding"); problem != "" || v.name != "net.inet.ip.forwarding" {
		t.Error(problem)
	}
}

func TestSysctlFile(t *testing.T) {
	got := sysctlLines("# all\nnet.inet.ip.forwarding=1 # on\n\nnet.inet.ip.redirect=0\t0\n a=1\n")
	if want := []string{"net.inet.ip.forwarding=1", "net.inet.ip.redirect=0"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestStatFormats(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("12345"), 0o640); err != nil {
		t.Fatal(err)
	}
	var st syscall.Stat_t
	if err := syscall.Lstat(path, &st); err != nil {
		t.Fatal(err)
	}
	st.Uid, st.Gid = 0, 7
	for format, want := range map[string]string{"%Lp": "640", "%Mp%Lp": "0640", "%Sp": "-rw-r-----", "%p": "100640", "%z": "5", "%u:%g": "0:7", "%SLp": "---", "%N%%": "x%"} {
		if got := formatStat(format, "x", st); got != want {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
}

func TestInstall(t *testing.T) {
	dir := t.TempDir()
	source, target := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	os.WriteFile(source, []byte("new"), 0o600)
	os.WriteFile(target, []byte("old"), 0o600)
	if code := Install([]string{"-b", "-B", ".prev", "-m", "0640", source, target}); code != 0 {
		t.Fatal(code)
	}
	info, _ := os.Stat(target)
	kept, _ := os.ReadFile(target + ".prev")
	if text, _ := os.ReadFile(target); string(text) != "new" || info.Mode().Perm() != 0o640 || string(kept) != "old" {
		t.Errorf("%s %v %s", text, info.Mode(), kept)
	}
	if code := Install([]string{"-d", "-m700", filepath.Join(dir, "x", "y")}); code != 0 {
		t.Fatal(code)
	}
	if info, err := os.Stat(filepath.Join(dir, "x", "y")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info, err)
	}
	if code := Install([]string{"-m", "999", source, target}); code == 0 {
		t.Error("mode 999 is accepted")
	}
	if code := Install([]string{"-C", "-m", "600", source, target}); code != 0 {
		t.Error("-C")
	}
}
