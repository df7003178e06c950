// Package hw is the machine under the installer: Linux's devices under OpenBSD's names.
package hw

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"

	"standin/installer/flow"
)

// Linux is the machine; its zero value is ready.
type Linux struct{ settled bool }

// Tools is where the ramdisk keeps what OpenBSD does not have.
const Tools = "/usr/libexec/host/"

// NICs: eth0 is vio0.
func (*Linux) NICs() []flow.NIC {
	var nics []flow.NIC
	for i, device := range numbered("/sys/class/net/eth*") {
		nics = append(nics, flow.NIC{Name: fmt.Sprintf("vio%d", i), MAC: read(filepath.Join(device, "address"))})
	}
	return nics
}

// Disks: vda is sd0.
func (*Linux) Disks() []flow.Disk {
	var disks []flow.Disk
	for i, device := range numbered("/sys/block/vd*") {
		sectors, _ := strconv.ParseInt(read(filepath.Join(device, "size")), 10, 64)
		disks = append(disks, flow.Disk{Name: fmt.Sprintf("sd%d", i), Bytes: sectors * sectorSize,
			HeldOpenBSD: heldOpenBSD("/dev/" + filepath.Base(device))})
	}
	return disks
}

// CDs: sr0 is cd0.
func (*Linux) CDs() []string {
	var cds []string
	for i := range numbered("/sys/block/sr*") {
		cds = append(cds, fmt.Sprintf("cd%d", i))
	}
	return cds
}

// Model of a CD drive, as a boot message shows it.
func (*Linux) Model(cd string) string {
	device := filepath.Join("/sys/block", filepath.Base(linuxDevice(cd)), "device")
	return strings.Join([]string{read(filepath.Join(device, "vendor")), read(filepath.Join(device, "model")), read(filepath.Join(device, "rev"))}, ", ")
}

func (*Linux) CPUs() int { return runtime.NumCPU() }

// ComSpeed reads what the boot loader told the kernel: console=ttyS0,115200.
func (*Linux) ComSpeed() int {
	for _, word := range strings.Fields(read("/proc/cmdline")) {
		if speed, found := strings.CutPrefix(word, "console=ttyS0,"); found {
			n, _ := strconv.Atoi(speed)
			return n
		}
	}
	return 0
}

// Video: any PCI device of the class display.
func (*Linux) Video() bool {
	classes, _ := filepath.Glob("/sys/bus/pci/devices/*/class")
	for _, class := range classes {
		if strings.HasPrefix(read(class), "0x03") {
			return true
		}
	}
	return false
}

// linuxDevice: /dev/vda for sd0, /dev/sr0 for cd0.
func linuxDevice(name string) string {
	n, _ := strconv.Atoi(name[2:])
	if strings.HasPrefix(name, "cd") {
		return fmt.Sprintf("/dev/sr%d", n)
	}
	return fmt.Sprintf("/dev/vd%c", 'a'+n)
}

func linuxNIC(name string) string { return "eth" + strings.TrimPrefix(name, "vio") }

// numbered: eth2 comes before eth10.
func numbered(pattern string) []string {
	paths, _ := filepath.Glob(pattern)
	sort.Slice(paths, func(i, j int) bool {
		if len(paths[i]) != len(paths[j]) {
			return len(paths[i]) < len(paths[j])
		}
		return paths[i] < paths[j]
	})
	return paths
}

func read(path string) string {
	text, _ := os.ReadFile(path)
	return strings.TrimSpace(string(text))
}
