package hw

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestTheSecondEntryKeepsTheBootImagesOwn(t *testing.T) {
	sector := bytes.Repeat([]byte{7}, sectorSize)
	const disk = 2 << 30 / sectorSize
	partition(sector, disk)
	if sector[0] != 7 || sector[446] != 7 || sector[478] != 7 {
		t.Error("something else was written")
	}
	entry := sector[462:478]
	want := []byte{0, 0xfe, 0xff, 0xff, 0xa6, 0xfe, 0xff, 0xff, 0, 0, 8, 0, 0, 0, 0x38, 0}
	if !bytes.Equal(entry, want) {
		t.Errorf("% x", entry)
	}
}

func TestADiskThatHeldOpenBSDIsKnownUntilItsStartIsZeroed(t *testing.T) {
	disk := filepath.Join(t.TempDir(), "disk")
	sector := make([]byte, sectorSize)
	partition(sector, 1<<22)
	for text, want := range map[string]bool{string(sector): true, string(make([]byte, sectorSize)): false, "": false} {
		if err := os.WriteFile(disk, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := heldOpenBSD(disk); got != want {
			t.Errorf("%d bytes: %v", len(text), got)
		}
	}
}

func TestOnlyWhatEverybodyMayReadIsFetched(t *testing.T) {
	file := filepath.Join(t.TempDir(), "template")
	if err := os.WriteFile(file, []byte("x"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Linux{}).Fetch("file://" + file); err == nil {
		t.Error("0640 was read")
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"file://", "file:", "file:///"} {
		if text, err := (&Linux{}).Fetch(prefix + file); err != nil || string(text) != "x" {
			t.Errorf("%s: %q, %v", prefix, text, err)
		}
	}
	if _, err := (&Linux{}).Fetch("http://127.0.0.1/template"); err == nil {
		t.Error("http was read")
	}
}
