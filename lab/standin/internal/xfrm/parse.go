// Package xfrm reads the Linux kernel's IPsec state and prints it as OpenBSD's ipsecctl -s does.
package xfrm

import (
	"sort"
	"strconv"
	"strings"

	"standin/internal/run"
)

// SA is one security association. Its keys are read for their length only.
type SA struct {
	Proto, Mode, Src, Dst string
	SPI                   uint32
	Auth, Enc             string // OpenBSD's names, "" if there is none
	EncapPort             int
	ESN                   bool
	Replay                int
	Bytes, Packets        uint64
	Added, Used           string
	HardSeconds           string
	SoftSeconds           string
}

// Flow is one policy of the kernel that a tunnel made.
type Flow struct {
	Dir, Src, Dst        string
	TunnelSrc, TunnelDst string
	Proto                string // of the selector, "" is any
	SrcPort, DstPort     string
	ESP                  string
	bypass               bool // of no tunnel, see Bypass
	blocks               bool
	inner                bool // made for pf's translation, see Inner
	onInterface          bool // what OpenBSD has no flow for: the SAs of a sec(4) interface
}

// SAs returns the kernel's SAs, sorted by SPI.
func SAs() ([]SA, error) {
	text, err := run.Host("ip", "-s", "xfrm", "state")
	if err != nil {
		return nil, err
	}
	return parseSAs(text), nil
}

// Flows returns the policies that are not a socket's.
func Flows() ([]Flow, error) {
	text, err := run.Host("ip", "xfrm", "policy")
	if err != nil {
		return nil, err
	}
	return parseFlows(text, inners()), nil
}

var authNames = map[string]string{"hmac(md5)": "hmac-md5", "hmac(sha1)": "hmac-sha1", "hmac(sha256)": "hmac-sha2-256",
	"hmac(sha384)": "hmac-sha2-384", "hmac(sha512)": "hmac-sha2-512", "hmac(rmd160)": "hmac-ripemd160"}

// encName gives OpenBSD's name of a cipher; bits are the key's, with a nonce of 32 bits where there is one.
func encName(linux string, bits int) string {
	size := strconv.Itoa(bits)
	switch linux {
	case "cbc(aes)":
		if bits == 128 {
			return "aes"
		}
		return "aes-" + size
	case "rfc4106(gcm(aes))":
		return "aes-" + strconv.Itoa(bits-32) + "-gcm"
	case "rfc4543(gcm(aes))":
		return "aes-" + strconv.Itoa(bits-32) + "-gmac"
	case "rfc3686(ctr(aes))":
		if bits == 160 {
			return "aesctr"
		}
		return "aes-" + strconv.Itoa(bits-32) + "-ctr"
	case "cbc(des3_ede)":
		return "3des-cbc"
	case "cbc(blowfish)":
		return "blowfish"
	case "cbc(cast5)":
		return "cast128"
	case "rfc7539esp(chacha20,poly1305)":
		return "chacha20-poly1305"
	case "ecb(cipher_null)":
		return "null"
	}
	return linux
}

func keyBits(hex string) int { return 4 * len(strings.TrimPrefix(hex, "0x")) }

// after returns the word that follows name on a line, "" if name is not there.
func after(words []string, name string) string {
	for i := 0; i+1 < len(words); i++ {
		if words[i] == name {
			return words[i+1]
		}
	}
	return ""
}

func parseSAs(text string) []SA {
	var all []SA
	var sa *SA
	section := ""
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if strings.HasPrefix(line, "src ") {
			all = append(all, SA{Src: after(words, "src"), Dst: after(words, "dst")})
			sa, section = &all[len(all)-1], ""
			continue
		}
		if sa == nil {
			continue
		}
		switch {
		case words[0] == "proto":
			sa.Proto, sa.Mode = words[1], after(words, "mode")
			spi, _ := strconv.ParseUint(strings.SplitN(after(words, "spi"), "(", 2)[0], 0, 32)
			sa.SPI = uint32(spi)
		case words[0] == "replay-window" && section == "":
			sa.Replay, _ = strconv.Atoi(words[1])
			sa.ESN = strings.Contains(line, "esn")
		case strings.HasPrefix(words[0], "auth") && len(words) > 2:
			sa.Auth = authNames[words[1]]
		case words[0] == "enc" && len(words) > 2:
			sa.Enc = encName(words[1], keyBits(words[2]))
		case words[0] == "enc" && len(words) == 2:
			sa.Enc = encName(words[1], 0)
		case words[0] == "aead" && len(words) > 2:
			sa.Enc = encName(words[1], keyBits(words[2]))
		case words[0] == "encap":
			sa.EncapPort, _ = strconv.Atoi(after(words, "dport"))
		case words[0] == "lifetime":
			section = words[1]
		case section == "current:" && strings.HasSuffix(line, "(packets)"):
			sa.Bytes, _ = strconv.ParseUint(strings.SplitN(words[0], "(", 2)[0], 10, 64)
			sa.Packets, _ = strconv.ParseUint(strings.SplitN(words[1], "(", 2)[0], 10, 64)
		case section == "current:" && words[0] == "add":
			sa.Added, sa.Used = strings.Join(words[1:3], " "), strings.Join(words[4:], " ")
		case section == "config:" && words[0] == "expire" && words[1] == "add:":
			sa.HardSeconds = strings.TrimSuffix(after(words, "hard"), "(sec)")
			sa.SoftSeconds = strings.TrimSuffix(strings.TrimSuffix(after(words, "soft"), ","), "(sec)")
		}
	}
	// A larval SA, which only reserves its SPI, has no algorithms yet.
	var mature []SA
	for _, s := range all {
		if s.SPI != 0 && (s.Enc != "" || s.Auth != "") {
			mature = append(mature, s)
		}
	}
	sort.SliceStable(mature, func(i, j int) bool { return mature[i].SPI < mature[j].SPI })
	return mature
}

func parseFlows(text string, wanted []Inner) []Flow {
	return withoutMirrors(untranslated(parsePolicies(text), wanted))
}

func parsePolicies(text string) []Flow {
	var all []Flow
	var flow Flow
	finish := func() {
		flow.bypass = flow.TunnelSrc == "" && !flow.blocks
		if (flow.TunnelSrc != "" || flow.bypass) && !flow.onInterface && (flow.Dir == "in" || flow.Dir == "out") {
			all = append(all, flow)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case strings.HasPrefix(line, "src "):
			finish()
			flow = Flow{Src: words[1], Dst: after(words, "dst"), Proto: after(words, "proto"),
				SrcPort: after(words, "sport"), DstPort: after(words, "dport")}
		case words[0] == "dir":
			flow.Dir = words[1]
			flow.blocks = after(words, "action") == "block"
			flow.inner = after(words, "priority") == innerPriority
		case words[0] == "socket":
			flow.Dir = "socket"
		case words[0] == "tmpl":
			flow.TunnelSrc, flow.TunnelDst = after(words, "src"), after(words, "dst")
		case words[0] == "proto":
			flow.ESP = words[1]
		case words[0] == "if_id":
			flow.onInterface = true
		}
	}
	finish()
	return all
}

func withoutMirrors(all []Flow) []Flow {
	sort.SliceStable(all, func(i, j int) bool { return all[i].Dir < all[j].Dir && all[i].Dst == all[j].Src })
	// Daemons that add a policy for forwarded packets as a second "out" one mirror an "in" flow.
	var out []Flow
	for _, f := range all {
		mirrored := false
		for _, other := range all {
			mirrored = mirrored || !f.bypass && !other.bypass && f.Dir == "out" && other.Dir == "in" && other.Src == f.Src && other.Dst == f.Dst
		}
		if !mirrored {
			out = append(out, f)
		}
	}
	return out
}
