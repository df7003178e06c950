package hw

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// The installed disk: a boot image from its first byte on, and one partition that keeps what differs from
// it (see rootfs/init). The base set is unpacked on that partition only for
// the time of the installation: the running system has it in its boot image.
const (
	sectorSize   = 512
	keepStart    = 256 << 20 / sectorSize // sectors
	smallest     = 512 << 20 / sectorSize
	openbsdType  = 0xa6
	keepEntry    = 446 + 16
	kept         = "/target"
	upper        = kept + "/root"
	work         = kept + "/work"
	scratch      = kept + "/install"
	rootDir      = "/mnt"
	blkReReadPT  = 0x125f
	deviceAppear = 10 * time.Second
)

func heldOpenBSD(device string) bool {
	sector := make([]byte, sectorSize)
	file, err := os.Open(device)
	if err != nil {
		return false
	}
	defer file.Close()
	if _, err := io.ReadFull(file, sector); err != nil || sector[510] != 0x55 || sector[511] != 0xaa {
		return false
	}
	for entry := 446; entry < 510; entry += 16 {
		if sector[entry+4] == openbsdType {
			return true
		}
	}
	return false
}

// partition writes the second entry of the partition table; the first one is the boot image's own.
func partition(sector []byte, diskSectors int64) {
	entry := sector[keepEntry : keepEntry+16]
	copy(entry, []byte{0, 0xfe, 0xff, 0xff, openbsdType, 0xfe, 0xff, 0xff})
	binary.LittleEndian.PutUint32(entry[8:], keepStart)
	binary.LittleEndian.PutUint32(entry[12:], uint32(diskSectors-keepStart))
	sector[510], sector[511] = 0x55, 0xaa
}

func (l *Linux) Root() string { return rootDir }

// unfinished is what the BIOS starts while the installation is not done: it prints ERR M, as OpenBSD's
// boot block does when there is nothing to load, and halts. Without it the BIOS would run zeros.
var unfinished = []byte("\x31\xc0\x8e\xd8\xfc\xbe\x19\x7c\xac\x84\xc0\x74\x09\xb4\x0e\xbb\x07\x00\xcd\x10\xeb\xf2\xf4\xeb\xfdERR M\r\n\x00")

// Format partitions the disk and mounts what is kept.
func (l *Linux) Format(disk string) error {
	device := linuxDevice(disk)
	sectors, err := sizeOf(device)
	if err != nil {
		return err
	}
	if sectors < smallest {
		return fmt.Errorf("newfs: %s: %d MB are too few", disk, sectors*sectorSize>>20)
	}
	sector := make([]byte, sectorSize)
	copy(sector, unfinished)
	partition(sector, sectors)
	if err := writeStart(device, sector); err != nil {
		return err
	}
	part := device + "2"
	if err := rereadTable(device, part); err != nil {
		return err
	}
	if err := command("mke2fs", "-q", "-F", "-t", "ext4", "-J", "size=4", "-m", "0", "-N", "65536", "-L", "KEEP", part); err != nil {
		return err
	}
	if err := mount(part, kept, "ext4", "noatime"); err != nil {
		return err
	}
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return err
	}
	return bind(scratch, rootDir)
}

func sizeOf(device string) (sectors int64, err error) {
	file, err := os.Open(device)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	bytes, err := file.Seek(0, io.SeekEnd)
	return bytes / sectorSize, err
}

// writeStart writes the first bytes of a disk and waits until they are there.
func writeStart(device string, start []byte) error {
	file, err := os.OpenFile(device, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(start); err != nil {
		return err
	}
	return file.Sync()
}

func rereadTable(device, part string) error {
	file, err := os.Open(device)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), blkReReadPT, 0); errno != 0 {
		return fmt.Errorf("%s: partition table: %v", device, errno)
	}
	for deadline := time.Now().Add(deviceAppear); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(part); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%s did not appear", part)
}

// BootBlocks writes the kernel set, which is a whole boot image, to the start of the disk.
func (l *Linux) BootBlocks(disk string) error {
	device := linuxDevice(disk)
	sectors, err := sizeOf(device)
	if err != nil {
		return err
	}
	image, err := os.ReadFile(filepath.Join(rootDir, "bsd"))
	if err != nil {
		return fmt.Errorf("installboot: %v", err)
	}
	if len(image) < sectorSize || int64(len(image)) > keepStart*sectorSize {
		return fmt.Errorf("installboot: /bsd is no boot image of at most %d MB", keepStart*sectorSize>>20)
	}
	partition(image, sectors)
	return writeStart(device, image)
}
