package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// endFor carries out a fault that ends everything.
func endFor(what, step string) {
	switch what {
	case "panic":
		fmt.Printf("\npanic: stand-in fault at %s\nStopped at      db_enter+0x14:  popq    %%rbp\nddb> ", step)
	case "reset":
		_ = syscall.Reboot(syscall.LINUX_REBOOT_CMD_RESTART)
	case "poweroff":
		_ = syscall.Reboot(syscall.LINUX_REBOOT_CMD_POWER_OFF)
	}
	signal.Ignore()
	select {}
}

func reboot([]string) int {
	fmt.Print("syncing disks... ")
	syscall.Sync()
	fmt.Print("done\nrebooting...\n")
	return failed("reboot", syscall.Reboot(syscall.LINUX_REBOOT_CMD_RESTART))
}

// halt -p: without -p OpenBSD waits for a key, which is of no use here.
func halt([]string) int {
	fmt.Print("syncing disks... ")
	syscall.Sync()
	fmt.Print("done\n\nThe operating system has halted.\n")
	return failed("halt", syscall.Reboot(syscall.LINUX_REBOOT_CMD_POWER_OFF))
}

func failed(name string, err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
	return 1
}
