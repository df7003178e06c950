package base

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"standin/internal/run"
)

// Hostname returns the machine's name.
func Hostname() string {
	name, _ := os.Hostname()
	return name
}

// Uname is uname(1).
func Uname(args []string) int {
	fields := []struct {
		flag byte
		text string
	}{{'s', "OpenBSD"}, {'n', Hostname()}, {'r', Release()}, {'v', Version()}, {'m', Machine}}
	wanted := strings.ReplaceAll(strings.Join(args, ""), "-", "")
	if wanted == "" {
		wanted = "s"
	}
	if wanted == "p" {
		fmt.Println(Machine)
		return 0
	}
	var out []string
	for _, f := range fields {
		if strings.IndexByte(wanted, f.flag) >= 0 || strings.Contains(wanted, "a") {
			out = append(out, f.text)
		}
	}
	fmt.Println(strings.Join(out, " "))
	return 0
}

// HostnameFace is hostname(1): [-s] [name].
func HostnameFace(args []string) int {
	if len(args) > 0 && args[0] != "-s" {
		if err := syscall.Sethostname([]byte(args[0])); err != nil {
			return run.Errorf("hostname", "sethostname: %v", err)
		}
		return 0
	}
	name := Hostname()
	if len(args) > 0 {
		name = strings.SplitN(name, ".", 2)[0]
	}
	fmt.Println(name)
	return 0
}

// MachineFace is machine(1).
func MachineFace([]string) int {
	fmt.Println(Machine)
	return 0
}

// Missing answers for base commands that exist in OpenBSD and have no face here.
func Missing(name string) func([]string) int {
	return func([]string) int { return run.Errorf(name, "not in this stand-in") }
}

// Ping is ping(8) over busybox's: -w is the wait for each reply there, and -n is the only behaviour here.
// With -D it is not busybox's, which knows no DF.
func Ping(args []string) int {
	if df, host := dfPingOf(args); df != nil {
		return df.run(host)
	}
	return ping("ping", args)
}

// Ping6 is ping6(8).
func Ping6(args []string) int { return ping("ping6", args) }

func ping(applet string, args []string) int {
	translated := []string{"busybox", applet}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if !strings.HasPrefix(arg, "-") || len(arg) < 2 {
			translated = append(translated, arg)
			continue
		}
		for j := 1; j < len(arg); j++ {
			if strings.IndexByte("nvDdELRr", arg[j]) >= 0 {
				continue
			}
			if arg[j] == 'q' {
				translated = append(translated, "-q")
				continue
			}
			value := arg[j+1:]
			if value == "" && i+1 < len(args) {
				i++
				value = args[i]
			}
			flag := string(arg[j])
			if flag == "w" {
				flag = "W"
			}
			translated = append(translated, "-"+flag, value)
			break
		}
	}
	if err := syscall.Exec(run.HostDir+"busybox", translated, os.Environ()); err != nil {
		return run.Errorf(applet, "%v", err)
	}
	return 0
}
