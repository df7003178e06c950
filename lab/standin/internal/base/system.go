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

// Ping is `ping -D` to an IPv4 address: /sbin/ping sends everything else to busybox's.
func Ping(args []string) int {
	df, host := dfPingOf(args)
	if df == nil {
		return run.Errorf("ping", "-D to anything but an IPv4 address: not in this stand-in")
	}
	return df.run(host)
}
