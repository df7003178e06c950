package isakmpd

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

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

// The layout of sa.c, with the blank that follows each SPI.
func TestResult(t *testing.T) {
	want := strings.ReplaceAll(`SA name: from-10.10.0.0/24-to-10.20.1.0/24 (Phase 2)
src: 10.10.0.2 dst: 198.51.100.11
Lifetime: 3600 seconds
Soft timeout in 3200 seconds
Hard timeout in 3560 seconds
Flags 0x00000003
SPI 0: 0badcafe~
SPI 1: deadbeef~
Transform: IPsec ESP
Encryption key length: 32
Authentication key length: 64
Encryption algorithm: AES (CBC)
Authentication algorithm: HMAC-SHA2-512

SA name: peer-198.51.100.11-local-10.10.0.2 (Phase 1/Initiator)
src: 10.10.0.2 dst: 198.51.100.11
Lifetime: 28800 seconds
Soft timeout in 25820 seconds
Hard timeout in 28700 seconds
Flags 0x00000083
icookie 0123456789abcdef rcookie fedcba9876543210

`, "~", " ")
	if got := result(loaded(t, westRule), []string{"peer-198.51.100.11-local-10.10.0.2"}, []*vici.Section{sa()}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAPhase1InTheMakingHasNoName(t *testing.T) {
	for responder, ends := range map[string]string{
		"0000000000000000": "<no transport>",
		"fedcba9876543210": "src: 10.10.0.2 dst: 198.51.100.11",
	} {
		want := "SA name: <unnamed> (Phase 1/Responder)\n" + ends + "\nFlags 0x00000000\nicookie 0123456789abcdef rcookie " + responder + "\n\n"
		open := vici.New().Set("state", "CONNECTING").Set("initiator", "yes").Set("local-host", "10.10.0.2").
			Set("remote-host", "198.51.100.11").Set("initiator-spi", "0123456789abcdef").Set("responder-spi", responder)
		if got := result(loaded(t, westRule), []string{"peer-198.51.100.11-local-10.10.0.2"}, []*vici.Section{open}); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestLogLines(t *testing.T) {
	expected := func(host string) Connection {
		return map[string]Connection{"198.51.100.11": {Name: "from-a-to-b"}, "198.51.100.12": {DstID: "east.example"}}[host]
	}
	var later []string
	translate := newTranslator(true, expected, func(_ time.Duration, line string) { later = append(later, line) })
	log := func(messages ...string) (said string) {
		for _, message := range messages {
			lines := translate.event("log", vici.New().Set("ikesa-name", "peer-x").Set("msg", message))
			said = strings.Join(lines, "|")
		}
		return said
	}
	start := "initiating Main Mode IKE_SA peer-x[1] to 198.51.100.11"
	floated := "sending packet: from 10.10.0.2[4500] to 198.51.100.11[4500] (108 bytes)"
	established := "IKE_SA peer-x[1] established between 10.10.0.2[gw]...198.51.100.11[west]"
	identity := "generating ID_PROT request 0 [ ID HASH N(INITIAL_CONTACT) ]"
	for _, one := range []struct{ messages, want, later string }{
		{start + "|giving up after 3 retransmits", "transport_send_messages: giving up on exchange peer-x, no response from peer 198.51.100.11:500", ""},
		{start + "|" + floated + "|giving up after 3 retransmits", "transport_send_messages: giving up on exchange peer-x, no response from peer 198.51.100.11:4500", ""},
		// A refusal of the peer is not logged; isakmpd goes on repeating.
		{start + "|received NO_PROPOSAL_CHOSEN error notify", "", "giving up on exchange peer-x, no response from peer 198.51.100.11:500"},
		{start + "|" + floated + "|" + identity + "|received AUTHENTICATION_FAILED error notify", "ipsec_get_keystate: no keystate in ISAKMP SA 0x", "giving up on exchange peer-x, no response from peer 198.51.100.11:4500"},
		{start + "|" + established + "|received NO_PROPOSAL_CHOSEN error notify", "", "giving up on exchange from-a-to-b, no response from peer 198.51.100.11:500"},
		{start + "|could not decrypt payloads", "ipsec_get_keystate: no keystate in ISAKMP SA 0x", ""},
		{"198.51.100.11 is initiating a Main Mode IKE_SA|received packet: from 198.51.100.11[4500] to 10.10.0.2[4500] (108 bytes)|could not decrypt payloads",
			"message_parse_payloads: reserved field non-zero: 6b|dropped message from 198.51.100.11 port 4500 due to notification type PAYLOAD_MALFORMED", ""},
		{start + "|IDir 'a.example' does not match to 'b.example'", "ike_phase_1_recv_ID: received remote ID other than expected b.example", ""},
		{start + "|no shared key found for 'gw' - 'west'", `ike_auth_get_key: no key found for peer "west" or local ID "gw"`, ""},
		{start + "|sending packet", "", ""},
	} {
		later = nil
		got := log(strings.Split(one.messages, "|")...)
		if one.want == "" && got != "" || !strings.HasPrefix(got, one.want) {
			t.Errorf("%s: %q", one.messages, got)
		}
		if said := strings.Join(later, "|"); one.later == "" && said != "" || !strings.HasSuffix(said, one.later) {
			t.Errorf("%s: later %q", one.messages, said)
		}
	}
	responding := func(message string) string {
		return strings.Join(translate.event("log", vici.New().Set("ikesa-uniqueid", "7").Set("msg", message)), "|")
	}
	responding("received packet: from 198.51.100.12[500] to 10.10.0.2[500] (180 bytes)")
	if got := responding("received AUTHENTICATION_FAILED error notify"); got != "" {
		t.Errorf("a notification of the peer is not logged: %q", got)
	}
	if got := responding("no peer config found"); got != "ike_phase_1_recv_ID: received remote ID other than expected east.example" {
		t.Errorf("a peer that asks with another identity: %q", got)
	}
	responding("received packet: from 198.51.100.99[500] to 10.10.0.2[500] (180 bytes)")
	if got := responding("no peer config found"); got != "" {
		t.Errorf("a peer that nobody knows: %q", got)
	}
}

// Forms: ike_phase_1.c attribute_unacceptable, message.c message_negotiate_sa, message_drop.
func TestTurnedDownTransforms(t *testing.T) {
	translate := newTranslator(true, func(string) Connection { return Connection{} }, func(time.Duration, string) {})
	log := func(message string) string {
		return strings.Join(translate.event("log", vici.New().Set("ikesa-uniqueid", "7").Set("msg", message)), "|")
	}
	log("received packet: from 198.51.100.12[500] to 10.10.0.2[500] (180 bytes)")
	log("received proposals: IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256, IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048")
	log("configured proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256")
	want := "attribute_unacceptable: GROUP_DESCRIPTION: got MODP_2048, expected ECP_256|message_negotiate_sa: no compatible proposal found|" +
		"dropped message from 198.51.100.12 port 500 due to notification type NO_PROPOSAL_CHOSEN"
	if got := log("no proposal found"); got != want {
		t.Errorf("%q", got)
	}
}

// Forms: exchange.c exchange_finalize, ike_quick_mode.c post_quick_mode, ipsec.c ipsec_delete_spi_list.
func TestSuccessAndEnd(t *testing.T) {
	quiet := newTranslator(false, func(string) Connection { return Connection{} }, func(time.Duration, string) {})
	if got := quiet.event("child-updown", vici.New().Set("up", "yes").Set("peer-x", sa())); len(got) != 0 {
		t.Errorf("success is only logged with -v: %q", got)
	}
	translate := newTranslator(true, func(string) Connection { return Connection{} }, func(time.Duration, string) {})
	log := func(message string) string {
		return strings.Join(translate.event("log", vici.New().Set("ikesa-name", "peer-x").Set("msg", message)), "|")
	}
	ends := sa().Set("local-id", "gw").Set("remote-id", "west")
	ids := "src: 10.10.0.2 dst: 198.51.100.11"
	up := func(event string) string {
		return strings.Join(translate.event(event, vici.New().Set("up", "yes").Set("peer-x", ends)), "|")
	}
	if got := up("ike-updown"); got != "isakmpd: phase 1 done: initiator id gw, responder id west, "+ids {
		t.Errorf("%q", got)
	}
	for message, role := range map[string]string{
		"generating QUICK_MODE request 3 [ HASH SA No ID ID ]": "",
		"parsed QUICK_MODE request 4 [ HASH SA No ID ID ]":     " (as responder)",
	} {
		log(message)
		if got := up("child-updown"); got != "isakmpd: quick mode done"+role+": "+ids {
			t.Errorf("%s: %q", message, got)
		}
	}
	log("received DELETE for ESP CHILD_SA with SPI c7a0b1c2")
	ended := "isakmpd: Peer 198.51.100.11 made us delete live SA %s for proto %d, initiator id: gw, responder id: west"
	if got := log("closing CHILD_SA from-a-to-b{3} with SPIs c0_i (0 bytes) c7_o (0 bytes) and TS a === b"); got != fmt.Sprintf(ended, "from-a-to-b", 3) {
		t.Errorf("%q", got)
	}
	if got := log("received DELETE for IKE_SA peer-x[1]"); got != fmt.Sprintf(ended, "peer-x", 1) {
		t.Errorf("%q", got)
	}
	if got := log("closing CHILD_SA from-a-to-b{4} with SPIs c0_i (0 bytes) c7_o (0 bytes) and TS a === b"); got != "" {
		t.Errorf("our own end is no DELETE: %q", got)
	}
	want := "responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: initiator id 10.20.7.0/255.255.255.0, responder id 10.10.0.9|"
	if got := log("no matching CHILD_SA config found for 10.20.7.0/24 === 10.10.0.9/32"); !strings.HasPrefix(got, want) {
		t.Errorf("%q", got)
	}
}

func TestASecretNeverReachesTheLog(t *testing.T) {
	if got := firstWords("C sett [peer]:Authentication=secret force"); strings.Contains(got, "secret") {
		t.Error(got)
	}
}

func TestNatIsFoundByIdsOfOneType(t *testing.T) {
	for source, want := range map[string]string{"10.99.0.1": "10.10.0.0/24", "10.99.0.1/32": ""} {
		m := loaded(t, strings.Replace(westRule, "from 10.10.0.0/24", "from "+source+" (10.10.0.0/24)", 1))
		if got := m.connections()[0]; got.Inner != want || got.Local != "10.99.0.1/32" {
			t.Errorf("%s: %+v", source, got)
		}
	}
}

func TestNamesAreTheSameInCapitals(t *testing.T) {
	m := loaded(t, westRule+strings.NewReplacer("10.20.1.0", "10.20.2.0", "198.51.100.11", "198.51.100.12",
		"west.example.net", "West.Example.net").Replace(westRule))
	for _, c := range m.connections() {
		if c.DstID != "West.Example.net" {
			t.Errorf("%+v: the last one's section is kept", c)
		}
	}
}

// observed/feat-8-fifo: t takes a connection off the list until c or a change of the lists, and c of a passive
// one makes it active.
func TestTheListOfConnections(t *testing.T) {
	const name = "from-10.10.0.0/24-to-10.20.1.0/24"
	m := loaded(t, westRule)
	c := newChecker()
	c.reinit(m)
	if c.setup(name) {
		t.Error("c of one that is on the list is no retry")
	}
	c.teardown(name)
	if len(c.active) != 0 {
		t.Errorf("left on the list: %v", c.active)
	}
	if !c.setup(name) || !reflect.DeepEqual(c.active, []string{name}) {
		t.Errorf("c does not bring it back: %v", c.active)
	}
	passive := newChecker()
	quiet := loaded(t, strings.Replace(westRule, "ike active", "ike passive", 1))
	passive.reinit(quiet)
	if len(passive.active) != 0 || !passive.setup(name) {
		t.Errorf("c of a passive one does not make it active: %v", passive.active)
	}
	passive.reinit(quiet)
	if len(passive.active) != 0 {
		t.Errorf("active beyond a new reading of the lists: %v", passive.active)
	}
}

// observed/gw-62: nothing begins while an earlier exchange of the same name has not ended.
func TestAnExchangeKeepsAnotherFromBeginning(t *testing.T) {
	c, start, limit := newChecker(), time.Unix(1000, 0), 120*time.Second
	begin := func(seconds int, phase1 bool) bool {
		return c.begin("peer-x", "from-a-to-b", phase1, start.Add(time.Duration(seconds)*time.Second), limit)
	}
	if !begin(0, false) || begin(119, false) || !begin(120, false) {
		t.Error("phase 1 begins once in the time of an exchange")
	}
	c.done("peer-x", start.Add(121*time.Second))
	if begin(122, true) || !begin(241, true) {
		t.Error("phase 2 follows phase 1 by itself")
	}
	c.done("from-a-to-b", start.Add(242*time.Second))
	if !begin(243, true) {
		t.Error("what is done keeps nothing")
	}
}

func TestAnAddressIsNoNameToTearDown(t *testing.T) {
	if !isAddress("192.0.2.2") || !isAddress("2001:db8::2") || isAddress("peer-192.0.2.2") {
		t.Error("isAddress")
	}
}
