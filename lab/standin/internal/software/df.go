package software

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"standin/internal/run"
)

// partition is one of OpenBSD's own layout. This machine's root is in memory and has none of them.
type partition struct {
	device, mount string
	kib           int64
	percent       int
}

// partitions have the sizes of disklabel(8)'s automatic layout of 20 GB; a line `MOUNT PERCENT` in the
// mirror's directory, file `df`, fills one.
var partitions = []partition{
	{"/dev/sd0a", "/", 1000000, 12},
	{"/dev/sd0d", "/usr", 5800000, 38},
	{"/dev/sd0e", "/home", 4200000, 1},
	{"/dev/sd0f", "/var", 2600000, 4},
}

// layout is the partition that holds a path.
func layout(path string) partition {
	best := partitions[0]
	for _, p := range partitions {
		if (path == p.mount || strings.HasPrefix(path, p.mount+"/")) && len(p.mount) > len(best.mount) {
			best = p
		}
	}
	for _, row := range table("df") {
		if len(row) == 2 && row[0] == best.mount {
			fmt.Sscan(row[1], &best.percent)
		}
	}
	return best
}

// Df is df(1): [-hikPlt] [file …].
func Df(args []string) int {
	_, files := splitFlags(args)
	fmt.Println("Filesystem       1024-blocks       Used   Available Capacity Mounted on")
	shown := partitions
	if len(files) > 0 {
		shown = nil
	}
	for _, file := range files {
		var info syscall.Statfs_t
		if err := syscall.Statfs(root+file, &info); err != nil {
			return run.Errorf("df", "%s: %v", file, os.ErrNotExist)
		}
		shown = append(shown, layout(file))
	}
	for _, p := range shown {
		p = layout(p.mount)
		used := p.kib * int64(p.percent) / 100
		fmt.Printf("%-16s %11d %10d %11d    %3d%%    %s\n", p.device, p.kib, used, p.kib-used, p.percent, p.mount)
	}
	return 0
}
