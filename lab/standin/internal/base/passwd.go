package base

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"standin/internal/run"
)

// PwdMkdb is pwd_mkdb(8): [-c] [-p] FILE. The file becomes /etc/master.passwd; /etc/passwd, and the two
// databases, which are texts here, are made from it.
func PwdMkdb(args []string) int { return pwdMkdb("/etc", args) }

func pwdMkdb(dir string, args []string) int {
	check := false
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch args[0] {
		case "-c":
			check = true
		case "-p":
		default:
			return run.Errorf("pwd_mkdb", "%s: not in this stand-in", args[0])
		}
		args = args[1:]
	}
	if len(args) != 1 || !filepath.IsAbs(args[0]) {
		fmt.Fprintln(os.Stderr, "usage: pwd_mkdb [-c] [-p | -s] [-d directory] [-u username] file")
		return 1
	}
	lines := run.ReadLines(args[0])
	if len(lines) == 0 {
		return run.Errorf("pwd_mkdb", "%s: Invalid argument", args[0])
	}
	var passwd strings.Builder
	for number, line := range lines {
		field := strings.Split(line, ":")
		if len(field) != 10 {
			return run.Errorf("pwd_mkdb", "corrupted entry at line #%d", number+1)
		}
		fmt.Fprintf(&passwd, "%s:*:%s:%s:%s:%s:%s\n", field[0], field[2], field[3], field[7], field[8], field[9])
	}
	if check {
		return 0
	}
	secret := strings.Join(lines, "\n") + "\n"
	for name, mode := range map[string]os.FileMode{"passwd": 0o644, "pwd.db": 0o644, "spwd.db": 0o640} {
		text := passwd.String()
		if name == "spwd.db" {
			text = secret
		}
		if err := run.WriteFile(filepath.Join(dir, name), text, mode); err != nil {
			return run.Errorf("pwd_mkdb", "%v", err)
		}
	}
	if err := os.Rename(args[0], filepath.Join(dir, "master.passwd")); err != nil {
		return run.Errorf("pwd_mkdb", "%v", err)
	}
	return 0
}
