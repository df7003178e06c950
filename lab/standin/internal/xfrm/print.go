package xfrm

import (
	"fmt"
	"strings"
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
	text := fmt.Sprintf("flow %s %s", f.ESP, f.Dir)
	if f.Proto != "" {
		text += " proto " + f.Proto
	}
	text += " from " + host(f.Src) + port(f.SrcPort) + " to " + host(f.Dst) + port(f.DstPort)
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

func port(number string) string {
	if number == "" || number == "0" {
		return ""
	}
	return " port " + number
}

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

// Verbose is the block that -vv adds below the line. Counters that Linux does not keep are zero.
func (s SA) Verbose(ids IDs, outbound bool) string {
	flags, bits := []string{s.Mode}, 0x4
	if s.Mode != "tunnel" {
		bits = 0
	}
	if s.EncapPort != 0 {
		flags, bits = append(flags, "udpencap"), bits|0x200
	}
	if s.ESN {
		flags, bits = append(flags, "esn"), bits|0x400
	}
	var out strings.Builder
	line := func(format string, args ...interface{}) { fmt.Fprintf(&out, format+"\n", args...) }
	line("\tsa: spi 0x%08x%s", s.SPI, s.algorithms())
	line("\t\tstate mature replay %d flags 0x%x<%s>", s.Replay, bits, strings.Join(flags, ","))
	line("\tlifetime_cur: alloc 0 bytes %d add 0 first 0", s.Bytes)
	hard := s.HardSeconds
	if hard == "" {
		hard = "0"
	}
	line("\tlifetime_hard: alloc 0 bytes 0 add %s first 0", hard)
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
	line("\tcounter:")
	input, output := [2]uint64{s.Packets, s.Bytes}, [2]uint64{}
	if outbound {
		input, output = output, input
	}
	line("\t\t%d input packets\n\t\t%d output packets\n\t\t%d input bytes\n\t\t%d output bytes", input[0], output[0], input[1], output[1])
	line("\t\t%d input bytes, decompressed\n\t\t%d output bytes, uncompressed", input[1], output[1])
	line("\t\t0 packets dropped on input\n\t\t0 packets dropped on output")
	return out.String()
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
