package xfrm

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// IDs are the identities of a flow, as the daemon that made it writes them.
type IDs struct{ Src, Dst string }

func (f Flow) String() string { return f.Print(IDs{}) }

// Peer is the other end of the flow's tunnel.
func (f Flow) Peer() string {
	if f.Dir == "in" {
		return f.TunnelSrc
	}
	return f.TunnelDst
}

// Print is the line of ipsecctl -s flow.
func (f Flow) Print(ids IDs) string {
	esp := f.ESP
	if f.bypass {
		esp = "esp"
	}
	text := fmt.Sprintf("flow %s %s", esp, f.Dir)
	if f.Proto != "" {
		text += " proto " + f.Proto
	}
	text += " from " + host(f.Src) + port(f.SrcPort, f.Proto) + " to " + host(f.Dst) + port(f.DstPort, f.Proto)
	if f.bypass {
		return text + " type bypass"
	}
	text += " peer " + f.Peer()
	if ids.Src != "" {
		text += " srcid " + ids.Src
	}
	if ids.Dst != "" {
		text += " dstid " + ids.Dst
	}
	return text + " type require"
}

func host(prefix string) string {
	return strings.TrimSuffix(strings.TrimSuffix(prefix, "/32"), "/128")
}

// port is shown by its service's name where there is one: ipsecctl has no option to leave that out.
func port(number, proto string) string {
	if number == "" || number == "0" {
		return ""
	}
	return " port " + service(number, proto)
}

// service is getservbyport(3): TCP's names for TCP, UDP's for everything else.
func service(number, proto string) string {
	if proto != "tcp" {
		proto = "udp"
	}
	text, _ := os.ReadFile(services)
	for _, line := range strings.Split(string(text), "\n") {
		if words := strings.Fields(line); len(words) > 1 && words[1] == number+"/"+proto {
			return words[0]
		}
	}
	return number
}

var services = "/etc/services"

// String is the line of ipsecctl -s sa.
func (s SA) String() string {
	return fmt.Sprintf("%s %s from %s to %s spi 0x%08x%s", s.Proto, s.Mode, s.Src, s.Dst, s.SPI, s.algorithms())
}

func (s SA) algorithms() string {
	text := ""
	if s.Auth != "" {
		text += " auth " + s.Auth
	}
	if s.Enc != "" {
		text += " enc " + s.Enc
	}
	return text
}

// kernelNames are the algorithms' names in a block of -vv: without the key's length, and always both.
func (s SA) kernelNames() (auth, enc string) {
	auth, enc = s.Auth, s.Enc
	switch {
	case enc == "chacha20-poly1305":
		auth = enc
	case strings.HasSuffix(enc, "-gcm"), strings.HasSuffix(enc, "-gmac"):
		kind := enc[strings.LastIndexByte(enc, '-'):]
		auth, enc = "gmac-"+strings.TrimSuffix(enc, kind), "aes"+kind
	case strings.HasSuffix(enc, "-ctr"):
		enc = "aesctr"
	case strings.HasPrefix(enc, "aes-"):
		enc = "aes"
	}
	if auth == "" {
		auth = "none"
	}
	if enc == "" {
		enc = "none"
	}
	return auth, enc
}

// Bytes that a packet has more than inside of the tunnel: with its outer header, encrypted as the kernel takes
// it in, and encrypted as it goes out (measured with AES-256, HMAC-SHA2-512 and NAT traversal).
const outerBytes, takenBytes, sentBytes = 20, 80, 96

// Verbose is the block that -vv adds below the line (pfkdump.c). Counters that Linux does not keep are zero.
func (s SA) Verbose(ids IDs, outbound bool) string {
	flags, bits := []string{s.Mode}, 0x4
	if s.Mode != "tunnel" {
		flags, bits = nil, 0
	}
	if s.EncapPort != 0 {
		flags, bits = append(flags, "udpencap"), bits|0x200
	}
	if s.ESN {
		flags, bits = append(flags, "esn"), bits|0x400
	}
	var out strings.Builder
	line := func(format string, args ...interface{}) { fmt.Fprintf(&out, format+"\n", args...) }
	auth, enc := s.kernelNames()
	line("\tsa: spi 0x%08x auth %s enc %s", s.SPI, auth, enc)
	line("\t\tstate mature replay %d flags %#x<%s>", s.Replay, bits, strings.Join(flags, ","))
	line("\tlifetime_cur: alloc 0 bytes %d add %d first %d", s.Bytes, epoch(s.Added), epoch(s.Used))
	for _, limit := range []struct{ name, seconds string }{{"hard", s.HardSeconds}, {"soft", s.SoftSeconds}} {
		if limit.seconds != "" && limit.seconds != "0" {
			line("\tlifetime_%s: alloc 0 bytes 0 add %s first 0", limit.name, limit.seconds)
		}
	}
	line("\taddress_src: %s", s.Src)
	line("\taddress_dst: %s", s.Dst)
	for _, id := range []struct{ name, value string }{{"identity_src", ids.Src}, {"identity_dst", ids.Dst}} {
		if id.value != "" {
			line("\t%s: type %s id 0: %s", id.name, identityType(id.value), id.value)
		}
	}
	if s.EncapPort != 0 {
		line("\tudpencap: udpencap port %d", s.EncapPort)
	}
	line("\tcounter: ")
	count := func(number uint64, noun, rest string) {
		if number != 1 {
			noun += "s"
		}
		line("\t\t%d %s%s", number, noun, rest)
	}
	clear := s.Bytes + outerBytes*s.Packets
	var in, sent, taken, gone, decompressed, uncompressed uint64
	if outbound {
		sent, gone, uncompressed = s.Packets, s.Bytes+sentBytes*s.Packets, clear
	} else {
		// The kernel counts what comes in twice: encrypted, and decrypted.
		in, taken, decompressed = s.Packets, s.Bytes+takenBytes*s.Packets+clear, clear
	}
	count(in, "input packet", "")
	count(sent, "output packet", "")
	count(taken, "input byte", "")
	count(gone, "output byte", "")
	count(decompressed, "input byte", ", decompressed")
	count(uncompressed, "output byte", ", uncompressed")
	count(0, "packet", " dropped on input")
	count(0, "packet", " dropped on output")
	line("\n\treplay: rpl %d", s.Packets)
	return out.String()
}

// epoch is a time of ip(8) in seconds since 1970; 0 is what never was.
func epoch(text string) int64 {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", strings.TrimSpace(text), time.Local)
	if err != nil {
		return 0
	}
	return at.Unix()
}

func identityType(id string) string {
	switch {
	case strings.HasPrefix(id, "IPV4/"), strings.HasPrefix(id, "IPV6/"), strings.Contains(id, "/32"):
		return "prefix"
	case strings.Contains(id, "@"):
		return "ufqdn"
	}
	return "fqdn"
}
