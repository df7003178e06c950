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
		fmt.Println("enc lo sec")
		return 0
	}
	name := args[0]
	members := now.Members(name)
	if len(members) == 0 && IsSec(name) && len(args) > 1 && args[1] != "destroy" && os.Geteuid() == 0 {
		if err := createSec(name); err != nil {
			return run.Errorf("ifconfig", "%s: SIOCIFCREATE: %v", name, err)
		}
		if args[1] == "create" {
			args = append(args[:1:1], args[2:]...)
		}
		if len(args) == 1 {
			return 0
		}
		members = []string{name}
	}
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
			if IsSec(name) {
				err = switchSec(name, word)
			} else {
				err = ip("link", "set", device, word)
			}
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
			switch {
			case word == "mtu" && IsSec(name) && !secTakesMTU(words[0]):
				// A warning, after which ifconfig goes on and ends with 0.
				run.Errorf("ifconfig", "SIOCSIFMTU: Invalid argument")
			case word == "mtu" || word == "lladdr":
				err = ip("link", "set", device, map[string]string{"mtu": "mtu", "lladdr": "address"}[word], words[0])
			}
			words = words[1:]
		case "create":
			return run.Errorf("ifconfig", "%s: SIOCIFCREATE: File exists", name)
		case "destroy":
			if !IsSec(name) {
				return run.Errorf("ifconfig", "%s: SIOCIFDESTROY: Invalid argument", name)
			}
			err = destroySec(name)
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

// request is what the words of one inet or inet6 command ask for.
type request struct {
	address net.IP
	ones    int
	peer    string
	alias   bool
	remove  bool
}

// readAddress reads [alias] ADDR[/LEN] [PEER] [netmask M|prefixlen N] [broadcast B] [delete|-alias|alias]
// and returns the words that follow. The second word that is no keyword is the peer's address, a third one
// is refused.
func readAddress(words []string, alias bool) (request, []string, error) {
	r := request{alias: alias}
	if len(words) > 0 && words[0] == "alias" {
		r.alias = true
		words = words[1:]
	}
	if len(words) == 0 {
		return r, nil, nil
	}
	var ok bool
	if r.address, r.ones, ok = parseAddress(words[0]); !ok {
		return r, nil, fmt.Errorf("%s: bad value", words[0])
	}
	for words = words[1:]; len(words) > 0; words = words[1:] {
		switch word := words[0]; word {
		case "netmask", "prefixlen", "broadcast":
			if len(words) == 1 {
				return r, nil, fmt.Errorf("'%s' requires argument", word)
			}
			words = words[1:]
			if word == "broadcast" {
				continue
			}
			ones, err := maskLength(words[0], word == "prefixlen")
			if err != nil {
				return r, nil, err
			}
			r.ones = ones
		case "delete", "-alias":
			r.remove, r.alias = true, true
		case "alias":
			r.alias = true
		default:
			if net.ParseIP(word) == nil {
				return r, words, nil
			}
			if r.peer != "" {
				return r, nil, fmt.Errorf("%s: bad value", word)
			}
			r.peer = word
		}
	}
	return r, nil, nil
}

// address carries out an inet or inet6 command. Without "alias" the address replaces the interface's first
// one, as in OpenBSD. Only a point-to-point interface has a peer's address; the others take it for theirs.
func address(device string, words []string, alias bool) ([]string, int) {
	if len(words) > 0 && (words[0] == "autoconf" || words[0] == "eui64") {
		return words[1:], 0
	}
	r, rest, err := readAddress(words, alias)
	if err != nil {
		return nil, run.Errorf("ifconfig", "%v", err)
	}
	if r.address == nil {
		return nil, 0
	}
	if IsSec(device) && r.address.To4() != nil {
		if err := setSecAddress(device, r); err != nil {
			return nil, run.Errorf("ifconfig", "%v", err)
		}
		return rest, 0
	}
	verb := "replace"
	if r.remove {
		verb = "del"
	} else if !r.alias {
		ip(family(r.address), "addr", "flush", "dev", device, "scope", "global")
	}
	args := []string{"addr", verb, fmt.Sprintf("%s/%d", r.address, r.ones), "dev", device}
	if !r.remove && r.address.To4() != nil {
		args = append(args, "broadcast", "+")
	}
	if err := ip(args...); err != nil {
		return nil, run.Errorf("ifconfig", "SIOCAIFADDR: %v", err)
	}
	if !r.remove {
		if err := ip("link", "set", device, "up"); err != nil {
			return nil, run.Errorf("ifconfig", "%v", err)
		}
	}
	return rest, 0
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

// maskLength reads a netmask (255.255.255.0, 0xffffff00), or a prefix length where one is asked for.
func maskLength(text string, prefix bool) (int, error) {
	if prefix {
		length, err := strconv.Atoi(text)
		if err != nil || length < 0 || length > 128 {
			return 0, fmt.Errorf("prefix %s: invalid", text)
		}
		return length, nil
	}
	mask := net.IPMask(net.ParseIP(text).To4())
	if strings.HasPrefix(text, "0x") {
		if bits, err := strconv.ParseUint(text[2:], 16, 32); err == nil {
			mask = net.IPv4Mask(byte(bits>>24), byte(bits>>16), byte(bits>>8), byte(bits))
		}
	}
	if len(mask) != net.IPv4len {
		return 0, fmt.Errorf("%s: bad value", text)
	}
	ones, bits := mask.Size()
	if bits == 0 {
		return 0, fmt.Errorf("%s: non-contiguous mask", text)
	}
	return ones, nil
}
