package software

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// machine gives the test a root of its own, with the mirror's files.
func machine(t *testing.T, files map[string]string) {
	t.Helper()
	root = t.TempDir()
	t.Cleanup(func() { root = "" })
	for name, text := range files {
		path := filepath.Join(root, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNames(t *testing.T) {
	for name, specs := range map[string][]string{
		"vim-9.2.57-no_x11":              {"vim", "vim--no_x11", "vim-9.2.57-no_x11", "vim%9"},
		"rsync-3.4.1p1":                  {"rsync", "rsync--", "rsync%3.4"},
		"p5-Net-DNS-1.50":                {"p5-Net-DNS"},
		"vim-9.2.57-no_x11-perl-python3": {"vim--no_x11-perl-python3"},
	} {
		for _, spec := range specs {
			if !parseName(name).matches(spec) {
				t.Errorf("%s is not meant by %s", name, spec)
			}
		}
	}
	for _, spec := range []string{"vim--", "vim--gtk3", "vi", "vim%8", "vim-9.2", "vim%9.20"} {
		if parseName("vim-9.2.57-no_x11").matches(spec) {
			t.Errorf("vim-9.2.57-no_x11 is meant by %s", spec)
		}
	}
}

func TestPackagesComeWithWhatTheyNeedAndGo(t *testing.T) {
	machine(t, nil)
	if code := PkgAdd([]string{"-I", "rsync--", "vim--no_x11"}); code != 0 {
		t.Fatalf("pkg_add: %d", code)
	}
	want := []string{"libiconv-1.18", "rsync-3.4.1p1", "vim-9.2.57-no_x11", "xxhash-0.8.3"}
	if got := installedNames(); !reflect.DeepEqual(got, want) {
		t.Fatalf("installed: %v", got)
	}
	if _, err := os.Stat(root + "/usr/local/bin/vim"); err != nil {
		t.Error(err)
	}
	if code := PkgDelete([]string{"libiconv"}); code != 1 {
		t.Errorf("pkg_delete of what vim needs: %d", code)
	}
	if code := PkgDelete([]string{"-a", "vim"}); code != 0 {
		t.Errorf("pkg_delete -a vim: %d", code)
	}
	if got := installedNames(); !reflect.DeepEqual(got, []string{"rsync-3.4.1p1", "xxhash-0.8.3"}) {
		t.Errorf("left: %v", got)
	}
}

func TestPackagesThatCannotBe(t *testing.T) {
	machine(t, map[string]string{"etc/installurl": "https://mirror.invalid/pub/OpenBSD\n"})
	if code := PkgAdd([]string{"-I", "nmap"}); code != 1 || len(installedNames()) != 0 {
		t.Errorf("from a mirror that is not there: %d", code)
	}
	machine(t, nil)
	for _, spec := range []string{"vim", "nosuch"} {
		if code := PkgAdd([]string{spec}); code != 1 {
			t.Errorf("%s: %d", spec, code)
		}
	}
}

func TestPatchesAreInstalledOnce(t *testing.T) {
	machine(t, map[string]string{
		"usr/libexec/host/mirror/patches": "002_libc usr/lib/libc.so.103.0\n001_iked sbin/iked\n",
		"sbin/iked":                       "iked",
	})
	if code := Syspatch(nil); code != 0 {
		t.Fatalf("syspatch: %d", code)
	}
	if got := installedPatches(); !reflect.DeepEqual(got, []string{"001_iked", "002_libc"}) {
		t.Errorf("installed: %v", got)
	}
	if code := Syspatch(nil); code != 2 {
		t.Errorf("nothing left to install: %d", code)
	}
}

func TestUpgradeNeedsTheNextRelease(t *testing.T) {
	machine(t, nil)
	if code := Sysupgrade([]string{"-n"}); code != 1 {
		t.Errorf("a release that is not out: %d", code)
	}
	machine(t, map[string]string{"usr/libexec/host/mirror/releases": "8.0\n", "usr/libexec/host/mirror/df": "/usr 93\n"})
	if code := Sysupgrade([]string{"-n"}); code != 1 {
		t.Errorf("with /usr full: %d", code)
	}
	machine(t, map[string]string{"usr/libexec/host/mirror/releases": "8.0\n"})
	if code := Sysupgrade([]string{"-n"}); code != 0 {
		t.Fatalf("sysupgrade -n: %d", code)
	}
	if text, _ := os.ReadFile(root + "/bsd.upgrade"); string(text) != "8.0\n" {
		t.Errorf("the next boot brings %q", text)
	}
	if next := nextRelease("7.9"); next != "8.0" {
		t.Errorf("after 7.9: %s", next)
	}
}
