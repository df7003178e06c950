// Package power is shutdown(8), halt(8), reboot(8) and what the ACPI power button runs: stop the
// daemons so that peers get their DELETEs, sync, then end the machine.
//
// It does not do: shutdown times other than "now" and "+minutes", messages to users, nologin.
package power

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"standin/internal/run"
	"standin/internal/syslog"
)

// Shutdown is shutdown(8): [-hpr] time [message].
func Shutdown(args []string) int {
	action := ""
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && len(args[0]) > 1 {
		for _, flag := range args[0][1:] {
			switch flag {
			case 'r':
				action = "reboot"
			case 'p', 'h':
				if action == "" || flag == 'p' {
					action = map[rune]string{'p': "poweroff", 'h': "halt"}[flag]
				}
			case 'd', 'f', 'k', 'n', '-':
			default:
				return usage()
			}
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return usage()
	}
	var wait time.Duration
	if args[0] != "now" {
		minutes, err := strconv.Atoi(strings.TrimPrefix(args[0], "+"))
		if err != nil || !strings.HasPrefix(args[0], "+") {
			return usage()
		}
		wait = time.Duration(minutes) * time.Minute
	}
	fmt.Printf("Shutdown NOW!\nshutdown: [pid %d]\n", os.Getpid())
	if action == "" {
		return 0
	}
	return detach(action, wait)
}

func usage() int {
	fmt.Fprintln(os.Stderr, "usage: shutdown [-] [-dfhknpr] time [warning-message ...]")
	return 1
}

// Halt is halt(8): -p powers off.
func Halt(args []string) int {
	if len(args) > 0 && strings.Contains(args[0], "p") {
		return detach("poweroff", 0)
	}
	return detach("halt", 0)
}

// Reboot is reboot(8).
func Reboot([]string) int { return detach("reboot", 0) }

// detach runs the end in a session of its own: the SSH session that asked for it goes away first.
func detach(action string, wait time.Duration) int {
	cmd := exec.Command(run.HostDir+"faces", "--end", action, strconv.Itoa(int(wait.Seconds())))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Dir = "/"
	if err := cmd.Start(); err != nil {
		return run.Errorf("shutdown", "%v", err)
	}
	return 0
}

// stopTimeout bounds how long a daemon that hangs can hold up the end.
const stopTimeout = 10 * time.Second

// End does the work of a shutdown: args are the action (poweroff, reboot, halt) and the seconds to wait.
func End(args []string) int {
	if len(args) != 2 {
		return 64
	}
	seconds, _ := strconv.Atoi(args[1])
	time.Sleep(time.Duration(seconds)*time.Second + 300*time.Millisecond)
	syslog.Daemon("notice", "shutdown", args[0]+" by root")
	for _, service := range []string{"isakmpd", "iked"} {
		stop := exec.Command("/usr/sbin/rcctl", "stop", service)
		if stop.Start() == nil {
			timer := time.AfterFunc(stopTimeout, func() { stop.Process.Kill() })
			stop.Wait()
			timer.Stop()
		}
	}
	if console, err := os.OpenFile("/dev/console", os.O_WRONLY, 0); err == nil {
		fmt.Fprint(console, "syncing disks... ")
		syscall.Sync()
		// OpenBSD's last words; the ones a console reader waits for.
		words := map[string]string{"poweroff": "done\r\n", "reboot": "done\r\nrebooting...\r\n",
			"halt": "done\r\n\r\nThe operating system has halted.\r\nPlease press any key to reboot.\r\n\r\n"}
		fmt.Fprint(console, words[args[0]])
	}
	syscall.Sync()
	flags := map[string]int{"poweroff": syscall.LINUX_REBOOT_CMD_POWER_OFF,
		"reboot": syscall.LINUX_REBOOT_CMD_RESTART, "halt": syscall.LINUX_REBOOT_CMD_HALT}
	if err := syscall.Reboot(flags[args[0]]); err != nil {
		return run.Errorf("reboot", "%v", err)
	}
	return 0
}
