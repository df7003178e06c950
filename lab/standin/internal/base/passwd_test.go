package base

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPwdMkdb(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "master.passwd.new")
	text := "root:*:0:0:daemon:0:0:Charlie &:/root:/bin/ksh\n"
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("root:*:0:0:Charlie &:/root:/bin/ksh\n")
	if code := pwdMkdb(dir, []string{"-p", file}); code == 0 {
		t.Error("takes seven fields")
	}
	if _, err := os.Stat(filepath.Join(dir, "passwd")); err == nil {
		t.Error("something was made of what it refused")
	}
	write(text)
	if code := pwdMkdb(dir, []string{"-c", file}); code != 0 {
		t.Errorf("-c: %d", code)
	}
	if code := pwdMkdb(dir, []string{"-p", file}); code != 0 {
		t.Fatalf("-p: %d", code)
	}
	for name, want := range map[string]string{"master.passwd": text, "passwd": "root:*:0:0:Charlie &:/root:/bin/ksh\n"} {
		if got, _ := os.ReadFile(filepath.Join(dir, name)); string(got) != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file is still there")
	}
}
