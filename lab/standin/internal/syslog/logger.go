package syslog

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"standin/internal/run"
)

// Logger is logger(1): -c -i -p PRI -s -t TAG -f FILE [MESSAGE…]; without a message it logs stdin.
func Logger(args []string) int {
	tag, facility, level := "root", facilityUser, levelNotice
	stderr, pid := false, false
	input := os.Stdin
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "-" {
		flag := args[0]
		args = args[1:]
		if flag == "--" {
			break
		}
		for i := 1; i < len(flag); i++ {
			if !strings.ContainsRune("ptf", rune(flag[i])) {
				pid, stderr = pid || flag[i] == 'i', stderr || flag[i] == 's'
				continue
			}
			value := flag[i+1:]
			if value == "" && len(args) > 0 {
				value, args = args[0], args[1:]
			}
			switch flag[i] {
			case 't':
				tag = value
			case 'p':
				var ok bool
				if facility, level, ok = priority(value); !ok {
					return run.Errorf("logger", "unknown priority name: %s", value)
				}
			case 'f':
				file, err := os.Open(value)
				if err != nil {
					return run.Errorf("logger", "%v", err)
				}
				input = file
			}
			break
		}
	}
	if pid {
		tag = fmt.Sprintf("%s[%d]", tag, os.Getpid())
	}
	say := func(message string) {
		if stderr {
			fmt.Fprintf(os.Stderr, "%s: %s\n", tag, message)
		}
		send(facility, level, tag, message)
	}
	if len(args) > 0 {
		say(strings.Join(args, " "))
		return 0
	}
	for lines := bufio.NewScanner(input); lines.Scan(); {
		say(lines.Text())
	}
	return 0
}
