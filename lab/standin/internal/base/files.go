// Package base holds the faces of small base commands whose options or output differ from Linux's.
package base

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"

	"standin/internal/run"
)

// Sha256 is sha256(1): [-q] [-r] [file …], "SHA256 (FILE) = HASH" as there; -c is not there.
func Sha256(args []string) int {
	quiet, reverse, text, isText := false, false, "", false
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && len(args[0]) > 1 {
		switch flag := args[0]; {
		case flag == "-q":
			quiet = true
		case flag == "-r":
			reverse = true
		case flag == "-s" && len(args) > 1:
			text, isText = args[1], true
			args = args[1:]
		default:
			return run.Errorf("sha256", "%s: not in this stand-in", flag)
		}
		args = args[1:]
	}
	print := func(name string, sum [sha256.Size]byte) {
		switch {
		case quiet || name == "":
			fmt.Printf("%x\n", sum)
		case reverse:
			fmt.Printf("%x %s\n", sum, name)
		default:
			fmt.Printf("SHA256 (%s) = %x\n", name, sum)
		}
	}
	if isText {
		print(`"`+text+`"`, sha256.Sum256([]byte(text)))
		return 0
	}
	if len(args) == 0 {
		data, _ := io.ReadAll(os.Stdin)
		print("", sha256.Sum256(data))
		return 0
	}
	code := 0
	for _, name := range args {
		data, err := os.ReadFile(name)
		if err != nil {
			code = run.Errorf("sha256", "cannot open %s: %v", name, reason(err))
			continue
		}
		print(name, sha256.Sum256(data))
	}
	return code
}

func reason(err error) string {
	if path, ok := err.(*os.PathError); ok {
		text := path.Err.Error()
		return strings.ToUpper(text[:1]) + text[1:]
	}
	return err.Error()
}

// Stat is stat(1) with -f FORMAT (-L, -n, -q, -t are accepted) for the letters a script asks for:
// p (Hp Mp Lp, S for the ls form), u g (S for names), z size, m a c times, N name, i inode, l links.
func Stat(args []string) int {
	format, follow, newline := "", false, true
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		flag := args[0]
		args = args[1:]
		for i := 1; i < len(flag); i++ {
			switch flag[i] {
			case 'L':
				follow = true
			case 'n':
				newline = false
			case 'q':
			case 'f', 't':
				value := flag[i+1:]
				if value == "" && len(args) > 0 {
					value, args = args[0], args[1:]
				}
				if flag[i] == 'f' {
					format = value
				}
				i = len(flag)
			default:
				return run.Errorf("stat", "-%c: not in this stand-in", flag[i])
			}
		}
	}
	if format == "" {
		return run.Errorf("stat", "only stat -f FORMAT is in this stand-in")
	}
	code := 0
	for _, name := range args {
		var st syscall.Stat_t
		err := syscall.Lstat(name, &st)
		if follow {
			err = syscall.Stat(name, &st)
		}
		if err != nil {
			message := err.Error()
			code = run.Errorf("stat", "%s: %s", name, strings.ToUpper(message[:1])+message[1:])
			continue
		}
		fmt.Print(formatStat(format, name, st))
		if newline {
			fmt.Println()
		}
	}
	return code
}

func formatStat(format, name string, st syscall.Stat_t) string {
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		symbolic, part := false, byte(0)
		for ; i < len(format)-1 && strings.IndexByte("SHML", format[i]) >= 0; i++ {
			if format[i] == 'S' {
				symbolic = true
			} else {
				part = format[i]
			}
		}
		out.WriteString(statField(format[i], symbolic, part, name, st))
	}
	return out.String()
}

func statField(letter byte, symbolic bool, part byte, name string, st syscall.Stat_t) string {
	switch letter {
	case 'p':
		return statMode(st.Mode, symbolic, part)
	case 'u', 'g':
		return owner(letter, symbolic, st)
	case 'z':
		return strconv.FormatInt(st.Size, 10)
	case 'm':
		return strconv.FormatInt(st.Mtim.Sec, 10)
	case 'a':
		return strconv.FormatInt(st.Atim.Sec, 10)
	case 'c', 'B':
		return strconv.FormatInt(st.Ctim.Sec, 10)
	case 'i':
		return strconv.FormatUint(st.Ino, 10)
	case 'l':
		return strconv.FormatUint(uint64(st.Nlink), 10)
	case 'N':
		return name
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case '%':
		return "%"
	}
	return "%" + string(letter)
}

// statMode: %p whole mode, %Hp file type, %Mp set-id bits, %Lp permissions, %Sp as ls shows it.
func statMode(mode uint32, symbolic bool, part byte) string {
	if symbolic {
		text := os.FileMode(mode & 0o777).String()
		kind := map[uint32]string{syscall.S_IFDIR: "d", syscall.S_IFLNK: "l", syscall.S_IFIFO: "p",
			syscall.S_IFSOCK: "s", syscall.S_IFCHR: "c", syscall.S_IFBLK: "b"}[mode&syscall.S_IFMT]
		if kind == "" {
			kind = "-"
		}
		switch part {
		case 'H':
			return text[1:4]
		case 'M':
			return text[4:7]
		case 'L':
			return text[7:10]
		}
		return kind + text[1:]
	}
	switch part {
	case 'H':
		return strconv.FormatUint(uint64(mode>>12), 8)
	case 'M':
		return strconv.FormatUint(uint64(mode>>9&7), 8)
	case 'L':
		return fmt.Sprintf("%03o", mode&0o777)
	}
	return strconv.FormatUint(uint64(mode), 8)
}

func owner(letter byte, symbolic bool, st syscall.Stat_t) string {
	id := strconv.Itoa(int(st.Uid))
	if letter == 'g' {
		id = strconv.Itoa(int(st.Gid))
	}
	if !symbolic {
		return id
	}
	if letter == 'g' {
		if g, err := user.LookupGroupId(id); err == nil {
			return g.Name
		}
	} else if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}
