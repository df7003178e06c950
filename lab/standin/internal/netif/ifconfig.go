package netif

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"standin/internal/run"
)

// Ifconfig is ifconfig(8): show, up, down, inet/inet6 addresses, mtu, description.
func Ifconfig(args []string) int {
	now := Take()
	if len(args) == 0 || args[0] == "-a" || args[0] == "-A" {
		for _, i := range List() {
			fmt.Print(now.describe(i))
		}
		return 0
	}
	if args[0] == "-C" {
		fmt.Println("enc lo")
		return 0
	}
	name := args[0]
	members := now.Members(name)
	if len(members) == 0 {
		return run.Errorf("ifconfig", "%s: no such interface", name)
	}
	if len(args) == 1 || len(args) == 2 && (args[1] == "inet" || args[1] == "inet6") {
		for _, i := range List() {
			for _, m := range members {
				if i.Name == m {
					fmt.Print(now.describe(i))
				}
			}
		}
		return 0
	}
	if os.Geteuid() != 0 {
		return run.Errorf("ifconfig", "SIOCSIFFLAGS: Operation not permitted")
	}
	return configure(members[0], args[1:])
}

// configure applies the words after the interface's name from left to right.
func configure(name string, words []string) int {
	device := linuxName(name)
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var err error
		switch word {
		case "up", "down":
			err = ip("link", "set", device, word)
		case "inet", "inet6", "alias":
			var code int
			if words, code = address(device, words, word == "alias"); code != 0 {
				return code
			}
		case "delete", "-alias":
			err = ip("addr", "flush", "dev", device)
		case "-inet":
			err = ip("-4", "addr", "flush", "dev", device)
		case "-inet6":
			err = ip("-6", "addr", "flush", "dev", device)
		case "mtu", "description", "descr", "group", "-group", "priority", "llprio", "metric", "rdomain", "lladdr":
			if len(words) == 0 {
				return run.Errorf("ifconfig", "%s: bad value", word)
			}
			if word == "mtu" || word == "lladdr" {
				err = ip("link", "set", device, map[string]string{"mtu": "mtu", "lladdr": "address"}[word], words[0])
			}
			words = words[1:]
		case "create":
			return run.Errorf("ifconfig", "SIOCIFCREATE: File exists")
		case "destroy":
			return run.Errorf("ifconfig", "SIOCIFDESTROY: Invalid argument")
		case "autoconf", "-autoconf", "-description", "-descr":
		default:
			if _, _, ok := parseAddress(word); !ok {
				return run.Errorf("ifconfig", "%s: bad value", word)
			}
			var code int
			if words, code = address(device, append([]string{word}, words...), false); code != 0 {
				return code
			}
		}
		if err != nil {
			return run.Errorf("ifconfig", "%s: %v", name, err)
		}
	}
	return 0
}

// address reads [alias] ADDR[/LEN] [netmask M|M|prefixlen N] [broadcast B|B] [delete|-alias|alias].
// Without "alias" the address replaces the interface's first one, as in OpenBSD.
func address(device string, words []string, alias bool) ([]string, int) {
	if len(words) > 0 && (words[0] == "alias" || words[0] == "autoconf") {
		alias = true
		if words[0] == "autoconf" {
			return words[1:], 0
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return nil, 0
	}
	addr, ones, ok := parseAddress(words[0])
	if !ok {
		return nil, run.Errorf("ifconfig", "%s: bad value", words[0])
	}
	words = words[1:]
	remove := false
	for len(words) > 0 {
		word := words[0]
		if (word == "netmask" || word == "prefixlen" || word == "broadcast") && len(words) > 1 {
			if word != "broadcast" {
				ones = maskLength(words[1], ones)
			}
			words = words[2:]
			continue
		}
		if word == "delete" || word == "-alias" || word == "alias" {
			remove, alias = word != "alias", true
		} else if length := maskLength(word, -1); length >= 0 {
			ones = length
		} else if net.ParseIP(word) == nil && word != "NONE" {
			break
		}
		words = words[1:]
	}
	verb := "replace"
	if remove {
		verb = "del"
	} else if !alias {
		ip(family(addr), "addr", "flush", "dev", device, "scope", "global")
	}
	args := []string{"addr", verb, fmt.Sprintf("%s/%d", addr, ones), "dev", device}
	if !remove && addr.To4() != nil {
		args = append(args, "broadcast", "+")
	}
	if err := ip(args...); err != nil {
		return nil, run.Errorf("ifconfig", "SIOCAIFADDR: %v", err)
	}
	if !remove {
		if err := ip("link", "set", device, "up"); err != nil {
			return nil, run.Errorf("ifconfig", "%v", err)
		}
	}
	return words, 0
}

func family(addr net.IP) string {
	if addr.To4() != nil {
		return "-4"
	}
	return "-6"
}

// parseAddress reads ADDR or ADDR/LEN; without a length IPv4 gets its class's mask.
func parseAddress(text string) (net.IP, int, bool) {
	if addr, network, err := net.ParseCIDR(text); err == nil {
		ones, _ := network.Mask.Size()
		return addr, ones, true
	}
	addr := net.ParseIP(text)
	if addr == nil {
		return nil, 0, false
	}
	if v4 := addr.To4(); v4 != nil {
		ones, _ := v4.DefaultMask().Size()
		return v4, ones, true
	}
	return addr, 64, true
}

// maskLength reads 255.255.255.0, 0xffffff00 or a prefix length; otherwise it returns fallback.
func maskLength(text string, fallback int) int {
	if strings.HasPrefix(text, "0x") {
		if bits, err := strconv.ParseUint(text[2:], 16, 32); err == nil {
			ones, _ := net.IPv4Mask(byte(bits>>24), byte(bits>>16), byte(bits>>8), byte(bits)).Size()
			return ones
		}
	}
	if v4 := net.ParseIP(text).To4(); v4 != nil && v4[0] == 255 {
		if ones, bits := net.IPMask(v4).Size(); bits == 32 {
			return ones
		}
	}
	if length, err := strconv.Atoi(text); err == nil && length >= 0 && length <= 128 {
		return length
	}
	return fallback
}
