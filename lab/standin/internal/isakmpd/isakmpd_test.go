package isakmpd

import (
	"reflect"
	"strings"
	"testing"

	"standin/internal/ipsecconf"
	"standin/internal/vici"
)

const westRule = `ike active esp tunnel from 10.10.0.0/24 to 10.20.1.0/24 local 10.10.0.2 peer 198.51.100.11 \
 main auth hmac-sha2-256 enc aes-256 group ecp256 lifetime 28800 \
 quick auth hmac-sha2-512 enc aes-256 group none lifetime 3600 \
 srcid gw.example.net dstid west.example.net psk "secret" tag "vpn-$domain"
`

// loaded returns a model after the commands that ipsecctl sends for a file.
func loaded(t *testing.T, text string) *Model {
	t.Helper()
	parsed, err := ipsecconf.Parse("stdin", text, nil, func(string) []string { return nil })
	if err != nil || len(parsed.Errors) != 0 {
		t.Fatal(err, parsed.Errors)
	}
	m := newModel()
	for _, r := range parsed.Rules {
		lines, problem := r.Establish()
		if problem != "" {
			t.Fatal(problem)
		}
		for _, line := range lines {
			c := parseCommand(line)
			if c.problem != "" {
				t.Fatalf("%s: %s", line, c.problem)
			}
			c.edit(m)
		}
	}
	return m
}

func TestFifoCutsSecretsShort(t *testing.T) {
	for line, want := range map[string]string{
		"C set [peer-1]:Authentication=two words force":                        "two",
		"C set [peer-1]:Authentication=" + strings.Repeat("k", 250) + " force": strings.Repeat("k", 200),
		"C set [peer-1]:Authentication=a=b force":                              "a=b",
	} {
		if got := parseCommand(line); got.problem != "" || got.value != want {
			t.Errorf("%s: %q %s", line, got.value, got.problem)
		}
	}
}

func TestCommands(t *testing.T) {
	m := newModel()
	for _, line := range []string{"C set [a]:x=1", "C set [a]:x=2", "C set [a]:y=3 force", "C add [p]:list=one", "C add [p]:list=two", "C add [p]:list=one"} {
		parseCommand(line).edit(m)
	}
	if m.Get("a", "x") != "1" || m.Get("a", "y") != "3" || !reflect.DeepEqual(m.List("p", "list"), []string{"one", "two"}) {
		t.Errorf("%v", m.sections)
	}
	parseCommand("C set [a]:x=4 force").edit(m)
	parseCommand("C rm [a]:y").edit(m)
	parseCommand("C rmv [p]:list=one").edit(m)
	if m.Get("a", "x") != "4" || m.Get("a", "y") != "" || m.Get("p", "list") != "two" {
		t.Errorf("%v", m.sections)
	}
	parseCommand("C rmv [p]:list=two").edit(m)
	parseCommand("C rms [a]").edit(m)
	if len(m.Sections()) != 0 {
		t.Errorf("left: %v", m.Sections())
	}
	for _, bad := range []string{"", "x y", "C set nonsense", "C frob [a]:b=c", "C set [a]:b="} {
		if parseCommand(bad).problem == "" {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestConnections(t *testing.T) {
	m := loaded(t, westRule)
	want := []Connection{{Name: "from-10.10.0.0/24-to-10.20.1.0/24", Local: "10.10.0.0/24", Remote: "10.20.1.0/24", Peer: "198.51.100.11",
		LocalAddress: "10.10.0.2", SrcID: "gw.example.net", DstID: "west.example.net", Tag: "vpn-example.net"}}
	if got := m.connections(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	// -d takes the connection away and leaves the peer.
	for _, line := range []string{"C rmv [Phase 2]:Connections=from-10.10.0.0/24-to-10.20.1.0/24", "C rms [from-10.10.0.0/24-to-10.20.1.0/24]"} {
		parseCommand(line).edit(m)
	}
	if len(m.connections()) != 0 || m.Get("Phase 1", "198.51.100.11") == "" {
		t.Errorf("%v", m.connections())
	}
}

func TestPeerForCharon(t *testing.T) {
	peers := loaded(t, westRule).peers()
	if len(peers) != 1 {
		t.Fatalf("%d peers", len(peers))
	}
	conn := peers[0].conn
	if got := conn.List("proposals"); !reflect.DeepEqual(got, []string{"aes256-sha256-ecp256"}) {
		t.Errorf("phase 1: %v", got)
	}
	child := conn.Section("children").Section("from-10.10.0.0/24-to-10.20.1.0/24")
	if got := child.List("esp_proposals"); !reflect.DeepEqual(got, []string{"aes256-sha512"}) {
		t.Errorf("phase 2 without PFS: %v", got)
	}
	if child.String("life_time") != "3600s" || conn.String("rekey_time") != "25920s" || conn.String("over_time") != "2880s" {
		t.Errorf("lifetimes: %s %s %s", child.String("life_time"), conn.String("rekey_time"), conn.String("over_time"))
	}
	if conn.Section("local").String("id") != "gw.example.net" || peers[0].shared.String("data") != "secret" {
		t.Error("identity or secret is lost")
	}
}

// A new transform is offered beside the old one until the section is removed.
func TestPhase1TransformsAddUp(t *testing.T) {
	m := loaded(t, westRule+strings.Replace(westRule, "enc aes-256 group ecp256", "enc aes-128 group modp2048", 1))
	if got := m.peers()[0].conn.List("proposals"); !reflect.DeepEqual(got, []string{"aes256-sha256-ecp256", "aes128-sha256-modp2048"}) {
		t.Errorf("%v", got)
	}
}

func TestDefaultsOfferEveryAESLength(t *testing.T) {
	m := loaded(t, "ike from 10.10.0.0/24 to 10.20.1.0/24 peer 198.51.100.11 psk x\n")
	peer := m.peers()[0]
	if got := peer.conn.List("proposals"); !reflect.DeepEqual(got, []string{"aes128-sha1-modp3072", "aes192-sha1-modp3072", "aes256-sha1-modp3072"}) {
		t.Errorf("%v", got)
	}
	if got := peer.conn.Section("children").Section("from-10.10.0.0/24-to-10.20.1.0/24").List("esp_proposals"); got[0] != "aes128-sha256-modp3072" {
		t.Errorf("PFS is on by default: %v", got)
	}
}

func TestHexSecret(t *testing.T) {
	if got := decodeSecret("0x414243"); got != "ABC" {
		t.Errorf("%q", got)
	}
	if got := decodeSecret("plain"); got != "plain" {
		t.Errorf("%q", got)
	}
}

func TestConfigFile(t *testing.T) {
	m := newModel()
	m.readFile("# comment\n[General]\nDPD-check-interval=\t30\nListen-on= 10.0.0.1, \\\n 10.0.0.2\n[Phase 1]\n192.0.2.1=peer\n")
	if m.dpdInterval() != 30 || len(m.List("General", "Listen-on")) != 2 || m.Get("Phase 1", "192.0.2.1") != "peer" {
		t.Errorf("%v", m.sections)
	}
}

func sa() *vici.Section {
	child := vici.New().Set("name", "from-10.10.0.0/24-to-10.20.1.0/24").Set("state", "INSTALLED").Set("protocol", "ESP").
		Set("spi-in", "deadbeef").Set("spi-out", "0badcafe").Set("encr-alg", "AES_CBC").Set("encr-keysize", "256").
		Set("integ-alg", "HMAC_SHA2_512_256").Set("rekey-time", "3200").Set("life-time", "3560")
	return vici.New().Set("state", "ESTABLISHED").Set("local-host", "10.10.0.2").Set("remote-host", "198.51.100.11").Set("initiator", "yes").
		Set("initiator-spi", "0123456789abcdef").Set("responder-spi", "fedcba9876543210").Set("established", "100").
		Set("child-sas", vici.New().Set("from-10.10.0.0/24-to-10.20.1.0/24-1", child))
}

// The layout of openbsd-ipsec.md §3.2.
func TestResult(t *testing.T) {
	want := `SA name: peer-198.51.100.11-local-10.10.0.2 (Phase 1/Initiator)
src: 10.10.0.2 dst: 198.51.100.11
Lifetime: 28800 seconds
Soft timeout in 25820 seconds
Hard timeout in 28700 seconds
Flags 0x00000053
icookie 0123456789abcdef rcookie fedcba9876543210

SA name: from-10.10.0.0/24-to-10.20.1.0/24 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.11
Lifetime: 3600 seconds
Soft timeout in 3200 seconds
Hard timeout in 3560 seconds
Flags 0x00000003
SPI 0: 0badcafe
SPI 1: deadbeef
Transform: IPsec ESP
Encryption key length: 32
Authentication key length: 64
Encryption algorithm: AES (CBC)
Authentication algorithm: HMAC-SHA2-512
`
	if got := result(loaded(t, westRule), []string{"peer-198.51.100.11-local-10.10.0.2"}, []*vici.Section{sa()}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAPhase1InTheMakingHasNoName(t *testing.T) {
	want := `SA name: <unnamed> (Phase 1/Initiator)
src: 10.10.0.2 dst: 198.51.100.11
Flags 0x00000000
icookie 0123456789abcdef rcookie 0000000000000000
`
	open := vici.New().Set("state", "CONNECTING").Set("initiator", "yes").Set("local-host", "10.10.0.2").
		Set("remote-host", "198.51.100.11").Set("initiator-spi", "0123456789abcdef").Set("responder-spi", "0000000000000000")
	if got := result(loaded(t, westRule), []string{"peer-198.51.100.11-local-10.10.0.2"}, []*vici.Section{open}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLogLines(t *testing.T) {
	expected := func(host string) string {
		return map[string]string{"198.51.100.12": "east.example"}[host]
	}
	translate := newTranslator(true, expected)
	log := func(message string) string {
		return strings.Join(translate.event("log", vici.New().Set("ikesa-name", "peer-x").Set("msg", message)), "|")
	}
	log("initiating Main Mode IKE_SA peer-x[1] to 198.51.100.11")
	for message, want := range map[string]string{
		"giving up after 3 retransmits":                  "transport_send_messages: giving up on exchange peer-x, no response from peer 198.51.100.11:500",
		"received NO_PROPOSAL_CHOSEN error notify":       "dropped message from 198.51.100.11 port 500 due to notification type NO_PROPOSAL_CHOSEN",
		"IDir 'a.example' does not match to 'b.example'": "ike_phase_1_recv_ID: received remote ID other than expected b.example",
		"no shared key found for 'gw' - 'west'":          `ike_auth_get_key: no key found for peer "west" or local ID "gw"`,
		"sending packet":                                 "",
	} {
		if got := log(message); got != want {
			t.Errorf("%s: %q", message, got)
		}
	}
	responding := func(message string) string {
		return strings.Join(translate.event("log", vici.New().Set("ikesa-uniqueid", "7").Set("msg", message)), "|")
	}
	responding("received packet: from 198.51.100.12[500] to 10.10.0.2[500] (180 bytes)")
	if got := responding("received AUTHENTICATION_FAILED error notify"); !strings.Contains(got, "from 198.51.100.12 port") {
		t.Errorf("a peer that asks is known by its address: %q", got)
	}
	if got := responding("no peer config found"); got != "ike_phase_1_recv_ID: received remote ID other than expected east.example" {
		t.Errorf("a peer that asks with another identity: %q", got)
	}
	responding("received packet: from 198.51.100.99[500] to 10.10.0.2[500] (180 bytes)")
	if got := responding("no peer config found"); got != "" {
		t.Errorf("a peer that nobody knows: %q", got)
	}
	up := translate.event("ike-updown", vici.New().Set("up", "yes").Set("peer-x", sa().Set("local-id", "gw").Set("remote-id", "west")))
	if len(up) != 1 || up[0] != "phase 1 done (as initiator): initiator id gw, responder id west, src: 10.10.0.2 dst: 198.51.100.11" {
		t.Errorf("%q", up)
	}
	if got := newTranslator(false, expected).event("child-updown", vici.New().Set("up", "yes").Set("peer-x", sa())); len(got) != 0 {
		t.Errorf("success is only logged with -v: %q", got)
	}
}

func TestASecretNeverReachesTheLog(t *testing.T) {
	if got := firstWords("C sett [peer]:Authentication=secret force"); strings.Contains(got, "secret") {
		t.Error(got)
	}
}
