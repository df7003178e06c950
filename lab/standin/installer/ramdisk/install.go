package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"standin/installer/ask"
	"standin/installer/flow"
	"standin/installer/hw"
	"standin/installer/respond"
)

// install is /install [-ax] [-f file]: it never reboots.
func install(args []string) int {
	unattended, file := false, ""
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		for _, flag := range args[0][1:] {
			switch flag {
			case 'a':
				unattended = true
			case 'f':
				if len(args) < 2 {
					return usage()
				}
				file, args = args[1], args[1:]
			default:
				return usage()
			}
		}
		args = args[1:]
	}
	if len(args) > 0 || unattended != (file != "") {
		return usage()
	}
	asker := &ask.Asker{Out: os.Stdout, In: bufio.NewReader(os.Stdin)}
	if unattended {
		text, err := os.ReadFile(file)
		if err != nil {
			return failed("install", err)
		}
		asker.Responses = respond.Parse(string(text))
	}
	if session(asker, os.Stdout) != nil {
		return 1
	}
	return 0
}

func usage() int {
	fmt.Fprintln(os.Stderr, "usage: install [-ax] [-f filename]")
	return 1
}

// session runs the installation and says why it ended early; a good end leaves the mark that scripts
// look for.
func session(asker *ask.Asker, out io.Writer) error {
	machine := &hw.Linux{}
	_ = machine.Release(false)
	s := flow.Session{Asker: asker, Out: out, Machine: machine, Faults: faults(), Version: version, Keys: keys()}
	err := s.Install()
	if freed := machine.Release(err == nil); err == nil {
		err = freed
	}
	if err == nil {
		err = os.WriteFile(stateDir+"/ai.done", nil, 0o644)
	}
	if err != nil {
		fmt.Fprintln(out, err)
	}
	return err
}

// keys that sets may be signed with: those of the ramdisk.
func keys() []string {
	files, _ := filepath.Glob("/etc/signify/*.pub")
	var keys []string
	for _, file := range files {
		text, _ := os.ReadFile(file)
		if lines := strings.Split(string(text), "\n"); len(lines) > 1 {
			keys = append(keys, lines[1])
		}
	}
	return keys
}

// autoinstall is /autoinstall: from a response file to a reboot.
func autoinstall([]string) int {
	_ = os.MkdirAll(stateDir, 0o755)
	_ = os.WriteFile(noTimer, nil, 0o644)
	text, err := responseFile()
	if err != nil {
		return failed("autoinstall", err)
	}
	if err := unattended(text); err != nil {
		fmt.Printf("install failed; check %s/ai.log\n", stateDir)
		return 1
	}
	faults().Reach("reboot")
	return reboot(nil)
}

func unattended(text string) error {
	if err := os.WriteFile(stateDir+"/ai.install.conf", []byte(text), 0o600); err != nil {
		return err
	}
	log, err := os.OpenFile(stateDir+"/ai.log", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	fmt.Println("Performing non-interactive install...")
	out := io.MultiWriter(os.Stdout, log)
	return session(&ask.Asker{Out: out, Responses: respond.Parse(text)}, out)
}

// responseFile: without one in the ramdisk the real installer asks the network for it first.
func responseFile() (string, error) {
	if text, err := os.ReadFile(responses); err == nil {
		return string(text), nil
	}
	fmt.Print("Could not determine auto mode.\nResponse file location? ")
	text, err := (&hw.Linux{}).Fetch("file:" + strings.TrimPrefix(strings.TrimSpace(readLine()), "file:"))
	return string(text), err
}
