package xfrm

import (
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What `ip -s xfrm state` prints for one tunnel behind NAT (keys shortened to their length's meaning).
const stateText = `src 198.51.100.11 dst 10.10.0.2
	proto esp spi 0xd3f2443d(3555869757) reqid 0(0x00000000) mode tunnel
	replay-window 32 seq 0x00000000 flag  (0x00000000)
	auth-trunc hmac(sha512) 0xa00fbfe4556cb606775fdc287a253175e2351cbc0e986ebf5df36661f052be46aa8246e243f961d0afc1c2641743b9f5f6bc82dd3dd45b932ba022253be6ce4c (512 bits) 256
	enc cbc(aes) 0x1f41bf9b9b74e317e9006270eba4bfb261358fbf200c682d99b0322c58fdcf8d (256 bits)
	encap type espinudp sport 4500 dport 4500 addr 0.0.0.0
	anti-replay context: seq 0x3, oseq 0x0, bitmap 0x00000007
	sel src 0.0.0.0/0 dst 0.0.0.0/0 uid 0
	lifetime config:
	  limit: soft (INF)(bytes), hard (INF)(bytes)
	  limit: soft (INF)(packets), hard (INF)(packets)
	  expire add: soft 0(sec), hard 3600(sec)
	  expire use: soft 0(sec), hard 0(sec)
	lifetime current:
	  252(bytes), 3(packets)
	  add 2026-11-23 21:04:05 use 2026-11-23 21:04:09
	stats:
	  replay-window 0 replay 0 failed 0
src 10.10.0.2 dst 198.51.100.11
	proto esp spi 0x01020304(16909060) reqid 1(0x00000001) mode tunnel
	replay-window 0 seq 0x00000000 flag af-unspec (0x00100000)
	aead rfc4106(gcm(aes)) 0x1f41bf9b9b74e317e9006270eba4bfb261358fbf200c682d99b0322c58fdcf8d00000000 (288 bits) 128
	encap type espinudp sport 4500 dport 4500 addr 0.0.0.0
src 10.10.0.2 dst 198.51.100.12
	proto esp spi 0xc0000001(3221225473) reqid 2(0x00000002) mode tunnel
	replay-window 0 seq 0x00000000 flag  (0x00000000)
	sel src 10.10.0.2/32 dst 198.51.100.12/32
`

const policyText = `src 10.20.1.0/24 dst 10.10.0.0/24 
	dir in priority 0 ptype main 
	tmpl src 198.51.100.11 dst 10.10.0.2
		proto esp reqid 0 mode tunnel
src 10.10.0.0/24 dst 10.20.1.0/24 
	dir out priority 0 ptype main 
	tmpl src 10.10.0.2 dst 198.51.100.11
		proto esp reqid 0 mode tunnel
src 10.20.1.0/24 dst 10.10.0.0/24 
	dir out priority 0 ptype main 
	tmpl src 198.51.100.11 dst 10.10.0.2
		proto esp reqid 0 mode tunnel
src 10.20.1.0/24 dst 10.10.0.0/24 
	dir fwd priority 0 ptype main 
	tmpl src 198.51.100.11 dst 10.10.0.2
		proto esp reqid 0 mode tunnel
src 10.0.0.1/32 dst 10.0.0.2/32 proto tcp sport 22 
	dir out priority 0 ptype main 
	tmpl src 10.10.0.2 dst 198.51.100.12
		proto esp reqid 0 mode tunnel
src 0.0.0.0/0 dst 0.0.0.0/0 
	socket out priority 0 ptype main 
`

// The expressions of openbsd-ipsec.md §3.4 that a reader of ipsecctl's output uses.
var (
	saLine   = regexp.MustCompile(`^(esp|ah) (tunnel|transport) from (\S+) to (\S+) spi (0x[0-9a-f]{8})(?: auth (\S+))?(?: enc (\S+))?$`)
	flowLine = regexp.MustCompile(`^flow (\S+) (in|out)(?: proto (\S+))? from (\S+)(?: port (\S+))? to (\S+)(?: port (\S+))?(?: peer (\S+))?(?: srcid (.*?))?(?: dstid (.*?))? type (use|require)$`)
)

func TestSALines(t *testing.T) {
	sas := parseSAs(stateText)
	want := []string{
		"esp tunnel from 10.10.0.2 to 198.51.100.11 spi 0x01020304 enc aes-256-gcm",
		"esp tunnel from 198.51.100.11 to 10.10.0.2 spi 0xd3f2443d auth hmac-sha2-512 enc aes-256",
	}
	if len(sas) != len(want) {
		t.Fatalf("%d SAs: an SA without keys is not mature", len(sas))
	}
	for i, line := range want {
		if sas[i].String() != line || !saLine.MatchString(line) {
			t.Errorf("got %q, want %q", sas[i], line)
		}
	}
	if in := sas[1]; in.Bytes != 252 || in.Packets != 3 || in.EncapPort != 4500 || in.HardSeconds != "3600" {
		t.Errorf("%+v", in)
	}
}

// The block that OpenBSD 7.8 prints, with what Linux does not know left out.
func TestVerbose(t *testing.T) {
	sas := parseSAs(stateText)
	in := `	sa: spi 0xd3f2443d auth hmac-sha2-512 enc aes
		state mature replay 32 flags 0x204<tunnel,udpencap>
	lifetime_cur: alloc 0 bytes 252 add 1795467845 first 1795467849
	lifetime_hard: alloc 0 bytes 0 add 3600 first 0
	address_src: 198.51.100.11
	address_dst: 10.10.0.2
	identity_src: type fqdn id 0: FQDN/b
	identity_dst: type fqdn id 0: FQDN/a
	udpencap: udpencap port 4500
	counter: 
		3 input packets
		0 output packets
		804 input bytes
		0 output bytes
		312 input bytes, decompressed
		0 output bytes, uncompressed
		0 packets dropped on input
		0 packets dropped on output

	replay: rpl 3
`
	defer func(zone *time.Location) { time.Local = zone }(time.Local)
	time.Local = time.UTC
	if got := sas[1].Verbose(IDs{"FQDN/b", "FQDN/a"}, false); got != in {
		t.Errorf("got\n%s\nwant\n%s", got, in)
	}
	one := sas[0]
	one.Packets, one.Bytes = 1, 84
	for _, line := range []string{"auth gmac-aes-256 enc aes-gcm\n", "\t1 output packet\n", "\t180 output bytes\n", "\t104 output bytes, uncompressed\n"} {
		if got := one.Verbose(IDs{}, true); !strings.Contains(got, line) {
			t.Errorf("%q is not in\n%s", line, got)
		}
	}
}

func TestKeysAreNeverPrinted(t *testing.T) {
	for _, sa := range parseSAs(stateText) {
		if text := sa.String() + sa.Verbose(IDs{"FQDN/a", "FQDN/b"}, false); regexp.MustCompile(`[0-9a-f]{16}`).MatchString(text) {
			t.Errorf("a key shows in %s", text)
		}
	}
}

func TestFlowLines(t *testing.T) {
	services = filepath.Join(t.TempDir(), "services")
	if err := os.WriteFile(services, []byte("ssh\t\t22/tcp # SSH\nssh\t\t22/udp\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	flows := parseFlows(policyText, nil)
	want := []string{
		"flow esp in from 10.20.1.0/24 to 10.10.0.0/24 peer 198.51.100.11 type require",
		"flow esp out from 10.10.0.0/24 to 10.20.1.0/24 peer 198.51.100.11 type require",
		"flow esp out proto tcp from 10.0.0.1 port ssh to 10.0.0.2 peer 198.51.100.12 type require",
	}
	if len(flows) != len(want) {
		t.Fatalf("%d flows: %v", len(flows), flows)
	}
	for i, line := range want {
		if flows[i].String() != line || !flowLine.MatchString(line) {
			t.Errorf("got %q, want %q", flows[i], line)
		}
	}
	if got := flows[1].Print(IDs{"FQDN/west", "FQDN/east"}); got != "flow esp out from 10.10.0.0/24 to 10.20.1.0/24 peer 198.51.100.11 srcid FQDN/west dstid FQDN/east type require" {
		t.Errorf("%q", got)
	}
}

func TestCipherNames(t *testing.T) {
	for _, c := range []struct {
		linux string
		bits  int
		want  string
	}{{"cbc(aes)", 128, "aes"}, {"cbc(aes)", 192, "aes-192"}, {"rfc4106(gcm(aes))", 160, "aes-128-gcm"}, {"cbc(des3_ede)", 192, "3des-cbc"},
		{"ecb(cipher_null)", 0, "null"}, {"rfc7539esp(chacha20,poly1305)", 288, "chacha20-poly1305"}} {
		if got := encName(c.linux, c.bits); got != c.want {
			t.Errorf("%s %d: %s", c.linux, c.bits, got)
		}
	}
}

const translatedText = `src 10.20.1.0/24 dst 10.99.0.1/32 
	dir in priority 0 ptype main 
	tmpl src 198.51.100.11 dst 10.10.0.2
		proto esp reqid 0 mode tunnel
src 10.99.0.1/32 dst 10.20.1.0/24 
	dir out priority 0 ptype main 
	tmpl src 10.10.0.2 dst 198.51.100.11
		proto esp reqid 0 mode tunnel
src 10.10.0.0/24 dst 10.20.1.0/24 
	dir out priority 1000 ptype main 
	tmpl src 10.10.0.2 dst 198.51.100.11
		proto esp reqid 0 mode tunnel
src 10.99.0.1/32 dst 10.20.1.0/24 
	dir out action block priority 1000000 ptype main 
	mark 0/0x80000000 
`

func TestTranslatedFlowsShowTheNetworkBehind(t *testing.T) {
	wanted := []Inner{
		{Src: "10.11.0.0/24", Shown: "10.99.2.0/24", Dst: "10.20.1.0/24", TunnelSrc: "10.10.0.2", TunnelDst: "198.51.100.11"},
		{Src: "10.10.0.0/24", Shown: "10.99.0.1/32", Dst: "10.20.1.0/24", TunnelSrc: "10.10.0.2", TunnelDst: "198.51.100.11"},
	}
	flows := parseFlows(translatedText, wanted)
	if len(flows) != 2 || flows[0].Dst != "10.10.0.0/24" || flows[1].Src != "10.10.0.0/24" {
		t.Errorf("%+v", flows)
	}
	// A translation that the kernel does not know is none.
	if flows := parseFlows(translatedText, wanted[:1]); len(flows) != 2 || flows[1].Src != "10.99.0.1/32" {
		t.Errorf("%+v", flows)
	}
}

// Without a policy of the daemon, what is translated is blocked: the guard is for the same packets,
// and every daemon's policy comes before it. It is there before the policy is, and goes after it.
func TestTranslatedPacketsHaveAGuard(t *testing.T) {
	one := Inner{Src: "10.10.0.0/24", Shown: "10.99.0.1/32", Dst: "10.20.1.0/24", TunnelSrc: "10.10.0.2", TunnelDst: "198.51.100.11"}
	other := one
	other.Dst = "10.20.2.0/24"
	made, dropped := innerChange([]Inner{other, one}, []Inner{one})
	want := "xfrm policy update src 10.99.0.1/32 dst 10.20.1.0/24 dir out mark 0 mask 0x80000000 action block priority 1000000\n" +
		"xfrm policy update src 10.10.0.0/24 dst 10.20.1.0/24 dir out mark 0 mask 0x80000000 priority 1000 " +
		"tmpl src 10.10.0.2 dst 198.51.100.11 proto esp reqid 0 mode tunnel\n"
	if made != want {
		t.Errorf("got %q, want %q", made, want)
	}
	wanted := []string{
		"src 10.10.0.0/24 dst 10.20.2.0/24 dir out priority 1000",
		"src 10.99.0.1/32 dst 10.20.2.0/24 dir out priority 1000000",
	}
	if !reflect.DeepEqual(dropped, wanted) {
		t.Errorf("got %q, want %q", dropped, wanted)
	}
	if made, dropped := innerChange(nil, nil); made != "" || dropped != nil {
		t.Errorf("got %q and %q, want nothing", made, dropped)
	}
}

func TestSAsOfAnInterfaceHaveNoFlows(t *testing.T) {
	text := `src 0.0.0.0/0 dst 0.0.0.0/0 
	dir out priority 399999 ptype main 
	tmpl src 10.10.0.2 dst 198.51.100.11
		proto esp spi 0xc1d2e3f4 reqid 1 mode tunnel
	if_id 0x1
` + policyText
	if got, want := len(parseFlows(text, nil)), len(parseFlows(policyText, nil)); got != want {
		t.Errorf("%d flows, want %d", got, want)
	}
}

// The lines of OpenBSD 7.8 for a network's flow to itself.
func TestFlowsPastTheTunnels(t *testing.T) {
	flows := parseFlows(`src 10.10.0.0/24 dst 10.10.0.0/24 
	dir fwd priority 375424 ptype main 
src 10.10.0.0/24 dst 10.10.0.0/24 
	dir in priority 375424 ptype main 
src 10.10.0.0/24 dst 10.10.0.0/24 
	dir out priority 375424 ptype main 
src 10.10.0.0/24 dst 10.20.1.0/24 
	dir out action block priority 1000000 ptype main 
src 0.0.0.0/0 dst 0.0.0.0/0 
	socket out priority 0 ptype main 
`, nil)
	var lines []string
	for _, flow := range flows {
		lines = append(lines, flow.String())
	}
	want := "flow esp in from 10.10.0.0/24 to 10.10.0.0/24 type bypass\nflow esp out from 10.10.0.0/24 to 10.10.0.0/24 type bypass"
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheLongerPrefixComesFirst(t *testing.T) {
	prefix := netip.MustParsePrefix
	lan := prefix("10.10.0.0/24")
	wide, near := Bypass{lan, prefix("10.0.0.0/8")}, Bypass{lan, prefix("10.20.1.0/24")}
	if wide.priority() <= near.priority() {
		t.Errorf("%s of the wider one is not behind %s", wide.priority(), near.priority())
	}
}
