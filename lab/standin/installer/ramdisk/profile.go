package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const noTimer = stateDir + "/noai"

// profile is the ramdisk's .profile: the menu, which waits for ever. It is run again when the shell is
// left, and then starts by itself if a response file has come meanwhile; once.
func profile([]string) int {
	// Caught, not ignored: what is started from here must be able to be interrupted.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTSTP)
	_ = os.MkdirAll(stateDir, 0o755)
	fmt.Printf("\nWelcome to the OpenBSD/amd64 %s installation program.\n", version)
	faults().Reach("menu")
	for {
		reply := menu()
		switch {
		case reply == "":
		case strings.ContainsAny(reply[:1], "sS"):
			shell()
			return 0
		case strings.ContainsAny(reply[:1], "aA"):
			autoinstall(nil)
		case strings.ContainsAny(reply[:1], "iI"):
			install(nil)
		case strings.ContainsAny(reply[:1], "uU"):
			fmt.Println("Upgrades are not in this stand-in.")
		}
	}
}

func menu() string {
	_, errNone := os.Stat(responses)
	_, errTimed := os.Stat(noTimer)
	timed := errNone == nil && errTimed != nil
	if timed {
		_ = os.WriteFile(noTimer, nil, 0o644)
		fmt.Println("Starting non-interactive mode in 5 seconds...")
	}
	fmt.Print(menuChoices)
	if timed && !typed(5*time.Second) {
		fmt.Println()
		return "a"
	}
	return strings.TrimSpace(readLine())
}

// typed waits for a line at the console.
func typed(wait time.Duration) bool {
	for deadline := time.Now().Add(wait); ; {
		left := time.Until(deadline)
		if left <= 0 {
			return false
		}
		timeout := syscall.NsecToTimeval(left.Nanoseconds())
		fds := &syscall.FdSet{Bits: [16]int64{1}}
		if n, err := syscall.Select(1, fds, nil, nil, &timeout); err == nil {
			return n > 0
		}
	}
}

// readLine takes no more from the console than the line: the rest is for who reads next.
func readLine() string {
	var line []byte
	buffer := make([]byte, 1)
	for {
		n, err := os.Stdin.Read(buffer)
		if n == 1 && buffer[0] == '\n' {
			return string(line)
		}
		if err != nil {
			os.Exit(1)
		}
		line = append(line, buffer[:n]...)
	}
}

func shell() {
	ksh := exec.Command("/bin/ksh")
	ksh.Args = []string{"-ksh"}
	ksh.Dir = "/"
	ksh.Env = []string{"PATH=/sbin:/bin:/usr/bin:/usr/sbin:/", "HOME=/", "TERM=vt220", "PS1=# "}
	ksh.Stdin, ksh.Stdout, ksh.Stderr = os.Stdin, os.Stdout, os.Stderr
	_ = ksh.Run()
}
