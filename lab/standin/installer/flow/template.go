package flow

import (
	"fmt"
	"strconv"
	"strings"
)

// Slice is one line of a disklabel template: disklabel(8), AUTOMATIC DISK ALLOCATION. Sizes in bytes.
type Slice struct {
	Mount    string
	Min, Max int64 // Max -1: what is left
	Percent  int64 // of the disk; -1: not given
	Size     int64
}

// ParseTemplate reads a template: three fields a line, none with a blank before the first.
func ParseTemplate(text string) ([]Slice, error) {
	var slices []Slice
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		slice, err := parseSlice(line)
		if err != nil {
			return nil, fmt.Errorf("template line %d: %v", i+1, err)
		}
		slices = append(slices, slice)
	}
	return slices, nil
}

func parseSlice(line string) (slice Slice, err error) {
	fields := strings.Fields(line)
	if len(fields) < 2 || len(fields) > 3 || line[0] == ' ' || line[0] == '\t' {
		return slice, fmt.Errorf("is not: mount point, size, percentage")
	}
	slice = Slice{Mount: fields[0], Percent: -1}
	if slice.Mount != "swap" && slice.Mount != "raid" && slice.Mount[0] != '/' {
		return slice, fmt.Errorf("%s: is no mount point", slice.Mount)
	}
	low, high, ranged := strings.Cut(fields[1], "-")
	if slice.Min, err = size(low); err != nil {
		return slice, err
	}
	slice.Max = slice.Min
	if slice.Min < 0 {
		slice.Min = 0
	}
	if ranged {
		if slice.Max, err = size(high); err != nil {
			return slice, err
		}
		if slice.Max >= 0 && slice.Max < slice.Min {
			return slice, fmt.Errorf("%s: ends before it begins", fields[1])
		}
	}
	if len(fields) == 3 {
		slice.Percent, err = strconv.ParseInt(strings.TrimSuffix(fields[2], "%"), 10, 64)
		if err != nil || slice.Percent < 0 || slice.Percent > 100 {
			return slice, fmt.Errorf("%s: is no percentage", fields[2])
		}
	}
	return slice, nil
}

// size reads 800M; -1 is `*`. Without a unit it counts sectors.
func size(text string) (int64, error) {
	if text == "*" {
		return -1, nil
	}
	units := map[byte]int64{'B': 1, 'K': 1 << 10, 'M': 1 << 20, 'G': 1 << 30, 'T': 1 << 40}
	unit, digits := int64(512), text
	if text != "" {
		if u := units[strings.ToUpper(text)[len(text)-1]]; u != 0 {
			unit, digits = u, text[:len(text)-1]
		}
	}
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil || number < 0 {
		return 0, fmt.Errorf("%s: is no size", text)
	}
	return int64(number * float64(unit)), nil
}

// Allocate gives every slice its smallest size, and then of what is left its percentage up to its largest.
func Allocate(slices []Slice, disk int64) ([]Slice, error) {
	out := append([]Slice(nil), slices...)
	left := disk
	for i := range out {
		out[i].Size = out[i].Min
		left -= out[i].Min
	}
	if left < 0 {
		return nil, fmt.Errorf("the template needs %d MB, the disk has %d MB", (disk-left)>>20, disk>>20)
	}
	rest := left
	for i := range out {
		more := rest
		if out[i].Percent >= 0 {
			more = rest / 100 * out[i].Percent
		}
		if out[i].Max >= 0 && out[i].Size+more > out[i].Max {
			more = out[i].Max - out[i].Size
		}
		if more > left {
			more = left
		}
		out[i].Size += more
		left -= more
	}
	return out, nil
}

// Table shows the layout as disklabel does.
func Table(slices []Slice) string {
	text := "#                size           offset  fstype [fsize bsize   cpg]\n"
	offset, letter := int64(64*512), byte('a')
	for _, s := range slices {
		kind := "4.2BSD"
		if s.Mount == "swap" {
			kind = "swap"
		}
		text += fmt.Sprintf("  %c: %14.1fM %16d  %s                # %s\n", letter, float64(s.Size)/(1<<20), offset/512, kind, s.Mount)
		offset += s.Size
		if letter++; letter == 'c' {
			letter++
		}
	}
	return text
}
