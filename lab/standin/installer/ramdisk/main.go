// Command ramdisk is what runs in the stand-in's bsd.rd: the boot messages, the menu, and OpenBSD's
// /install and /autoinstall, chosen by the name it is called by.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"standin/installer/flow"
	"standin/installer/hw"
)

// version as in 7.9; set when it is linked.
var version = "7.9"

const (
	stateDir    = "/tmp/ai"
	faultFile   = "/tmp/" + flow.FaultFile
	responses   = "/auto_install.conf"
	menuChoices = "(I)nstall, (U)pgrade, (A)utoinstall or (S)hell? "
)

func main() {
	name, args := filepath.Base(os.Args[0]), os.Args[1:]
	if name == "ramdisk" && len(args) > 0 {
		name, args = args[0], args[1:]
	}
	faces := map[string]func([]string) int{
		"boot": boot, "profile": profile, "install": install, "autoinstall": autoinstall,
		"reboot": reboot, "halt": halt,
	}
	face := faces[name]
	if face == nil {
		fmt.Fprintf(os.Stderr, "%s: not in this stand-in\n", name)
		os.Exit(1)
	}
	os.Exit(face(args))
}

// boot says what the kernel says, and takes the faults from the CDs before anything is asked.
func boot([]string) int {
	machine := &hw.Linux{}
	fmt.Printf("OpenBSD %s (RAMDISK_CD) stand-in\nmainbus0 at root\n", version)
	fmt.Printf("cpu0 at mainbus0: %d processors\n", machine.CPUs())
	for _, nic := range machine.NICs() {
		fmt.Printf("%s at virtio: address %s\n", nic.Name, nic.MAC)
	}
	for _, disk := range machine.Disks() {
		fmt.Printf("%s at scsibus: %dMB, 512 bytes/sector\n", disk.Name, disk.Bytes>>20)
	}
	for _, cd := range machine.CDs() {
		fmt.Printf("%s at scsibus: <%s> removable\n", cd, machine.Model(cd))
	}
	if machine.ComSpeed() > 0 {
		fmt.Println("com0 at isa0 port 0x3f8/8 irq 4: ns16550a, 16 byte fifo\ncom0: console")
	}
	if err := collectFaults(machine); err != nil {
		fmt.Println(err)
		endFor("hang", "boot")
	}
	faults().Reach("boot")
	fmt.Print("root on rd0a swap on rd0b dump on rd0b\nerase ^?, werase ^W, kill ^U, intr ^C, status ^T\n")
	return 0
}

func collectFaults(machine *hw.Linux) error {
	var text strings.Builder
	for _, cd := range machine.CDs() {
		dir, closed, err := machine.OpenCD(cd)
		if err != nil {
			continue
		}
		if lines, err := os.ReadFile(filepath.Join(dir, flow.FaultFile)); err == nil {
			text.Write(append(lines, '\n'))
		}
		closed()
	}
	if _, err := flow.ParseFaults(text.String()); err != nil {
		return err
	}
	return os.WriteFile(faultFile, []byte(text.String()), 0o600)
}

func faults() flow.Faults {
	text, _ := os.ReadFile(faultFile)
	list, _ := flow.ParseFaults(string(text))
	return flow.Faults{List: list, End: endFor}
}
