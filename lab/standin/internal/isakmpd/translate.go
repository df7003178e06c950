package isakmpd

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"standin/internal/lazy"
	"standin/internal/vici"
)

// gaveUp is how long isakmpd repeats a message that charon gives up at once, because the peer refused it:
// isakmpd does not read the refusal (ipsec.c ipsec_responder), and repeats after 7, 9 and 11 s (transport.c).
const gaveUp = 27 * time.Second

// translator says in isakmpd's words what charon reports. The words are those of the print statements in
// exchange.c, ike_phase_1.c, ike_quick_mode.c, ipsec.c, message.c and transport.c of isakmpd.
type translator struct {
	verbose bool
	peers   map[string]*peerState // by connection
	// configured is a connection to the peer at an address, an empty one where there is none: charon does not
	// name it.
	configured func(host string) Connection
	// later writes a line when the time is over.
	later func(after time.Duration, line string)
}

func newTranslator(verbose bool, configured func(host string) Connection, later func(time.Duration, string)) *translator {
	return &translator{verbose: verbose, peers: map[string]*peerState{}, later: later, configured: configured}
}

// configured looks the peer up as isakmpd does: by its address.
func configured(host string) Connection {
	for _, c := range Connections() {
		if c.Peer == host {
			return c
		}
	}
	return Connection{}
}

var (
	notifyError = lazy.Regexp(`^received ([A-Z_]+) (?:error )?notify`)
	idMismatch  = lazy.Regexp(`^IDir '(.*)' does not match to '(.*)'$`)
	noKey       = lazy.Regexp(`^no shared key found for '(.*?)'(?:\[.*?\])? - '(.*?)'`)
	noOwnKey    = lazy.Regexp(`^no (?:RSA )?private key found for '`)
	noChild     = lazy.Regexp(`^no matching CHILD_SA config found(?: for (\S+) === (\S+))?`)
	closing     = lazy.Regexp(`^closing CHILD_SA (\S+?)\{\d+\}`)
	ikeDeleted  = lazy.Regexp(`^received DELETE for IKE_SA (\S+?)\[\d+\]`)
)

func (t *translator) peer(connection string) *peerState {
	p := t.peers[connection]
	if p == nil {
		p = &peerState{host: "unknown", port: "500", name: connection}
		t.peers[connection] = p
	}
	return p
}

func (t *translator) event(name string, m *vici.Section) []string {
	if name == "log" {
		connection := m.String("ikesa-name")
		if connection == "" && m.String("ikesa-uniqueid") != "" {
			// A peer that asks has no name before it has said who it is.
			connection = "#" + m.String("ikesa-uniqueid")
		}
		return t.log(connection, m.String("msg"))
	}
	up := m.String("up") == "yes"
	var out []string
	for _, key := range m.Keys {
		sa, ok := m.Values[key].(*vici.Section)
		if !ok {
			continue
		}
		p := t.peer(key)
		p.host = sa.String("remote-host")
		initiator := sa.String("initiator") == "yes"
		if name == "ike-updown" {
			p.done = up
			p.ids = [2]string{sa.String("remote-id"), sa.String("local-id")}
			if initiator {
				p.ids = [2]string{sa.String("local-id"), sa.String("remote-id")}
			}
		} else {
			initiator = p.quickInitiator
		}
		if !up || !t.verbose {
			continue
		}
		role := ""
		if !initiator {
			role = " (as responder)"
		}
		ends := fmt.Sprintf("src: %s dst: %s", sa.String("local-host"), sa.String("remote-host"))
		if name == "child-updown" {
			out = append(out, fmt.Sprintf("isakmpd: quick mode done%s: %s", role, ends))
		} else {
			out = append(out, fmt.Sprintf("isakmpd: phase 1 done%s: initiator id %s, responder id %s, %s", role, p.ids[0], p.ids[1], ends))
		}
	}
	return out
}

func (t *translator) log(connection, message string) []string {
	p := t.peer(connection)
	p.note(message)
	one := func(format string, args ...interface{}) []string { return []string{fmt.Sprintf(format, args...)} }
	drop := func(notification string) string {
		return fmt.Sprintf("dropped message from %s port %s due to notification type %s", p.host, p.port, notification)
	}
	dropped := func(reason, notification string) []string { return []string{reason, drop(notification)} }
	switch {
	case strings.HasPrefix(message, "giving up after "):
		return []string{p.givenUp(t.configured(p.host).Name)}
	case strings.HasPrefix(message, "no proposal found"), strings.HasPrefix(message, "no matching proposal found"), strings.HasPrefix(message, "no acceptable"):
		return append(p.turnedDown(), dropped("message_negotiate_sa: no compatible proposal found", "NO_PROPOSAL_CHOSEN")...)
	case message == "no peer config found" && t.configured(p.host).DstID != "":
		return one("ike_phase_1_recv_ID: received remote ID other than expected %s", t.configured(p.host).DstID)
	case strings.HasPrefix(message, "no trusted RSA public key found for "):
		return append(p.badSignature(t.configured(p.host).PeerProblem), drop("INVALID_ID_INFORMATION"))
	case noOwnKey().MatchString(message):
		return t.unsigned(p)
	case strings.HasPrefix(message, "message parsing failed"), strings.HasPrefix(message, "could not decrypt payloads"),
		strings.HasPrefix(message, "invalid HASH_V1 payload length"), strings.HasPrefix(message, "invalid ID_V1 payload length"):
		if p.initiator && !p.done {
			return one("ipsec_get_keystate: no keystate in ISAKMP SA %p", p)
		}
		return dropped("message_parse_payloads: reserved field non-zero: 6b", "PAYLOAD_MALFORMED")
	}
	if m := notifyError().FindStringSubmatch(message); m != nil && m[1] != "INITIAL_CONTACT" {
		return t.refused(p)
	}
	if m := noChild().FindStringSubmatch(message); m != nil {
		return dropped(fmt.Sprintf("responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: initiator id %s, responder id %s",
			dotted(m[1]), dotted(m[2])), "INVALID_ID_INFORMATION")
	}
	if m := ikeDeleted().FindStringSubmatch(message); m != nil {
		return t.deleted(p, m[1], 1)
	}
	if m := closing().FindStringSubmatch(message); m != nil && p.deletes {
		p.deletes = false
		return t.deleted(p, m[1], 3)
	}
	if m := idMismatch().FindStringSubmatch(message); m != nil {
		return one("ike_phase_1_recv_ID: received remote ID other than expected %s", m[2])
	}
	if m := noKey().FindStringSubmatch(message); m != nil {
		return one("ike_auth_get_key: no key found for peer \"%s\" or local ID \"%s\"", m[2], m[1])
	}
	return nil
}

// refused: isakmpd does not log a notification of the peer. In phase 1 it cannot read an encrypted one, which
// it does log; and what the peer refused, it gives up in the end.
func (t *translator) refused(p *peerState) []string {
	if !p.initiator && !p.done {
		return nil
	}
	t.later(gaveUp, p.givenUp(t.configured(p.host).Name))
	if !p.done && p.encrypted {
		return []string{fmt.Sprintf("ipsec_get_keystate: no keystate in ISAKMP SA %p", p)}
	}
	return nil
}

// unsigned is the end of a message that had to be signed.
func (t *translator) unsigned(p *peerState) []string {
	role := "responder"
	if p.initiator {
		role = "initiator"
	}
	lines := []string{"rsa_sig_encode_hash: could not get private key", fmt.Sprintf("exchange_run: doi->%s (%p) failed", role, p)}
	if problem := t.configured(p.host).OwnProblem; problem != "" {
		return append([]string{problem}, lines...)
	}
	return lines
}

func (t *translator) deleted(p *peerState, name string, protocol int) []string {
	if !t.verbose {
		return nil
	}
	return []string{fmt.Sprintf("isakmpd: Peer %s made us delete live SA %s for proto %d, initiator id: %s, responder id: %s",
		p.host, name, protocol, p.ids[0], p.ids[1])}
}

// dotted is a network as ipsec_decode_id prints it: with its mask, a host without one.
func dotted(network string) string {
	prefix, err := netip.ParsePrefix(network)
	if err != nil {
		if network == "" {
			return "<no ipsec id>"
		}
		return network
	}
	if prefix.IsSingleIP() {
		return prefix.Addr().String()
	}
	bits, ones := 8*len(prefix.Addr().AsSlice()), prefix.Bits()
	mask := make([]byte, bits/8)
	for i := 0; i < ones; i++ {
		mask[i/8] |= 0x80 >> (i % 8)
	}
	address, _ := netip.AddrFromSlice(mask)
	return prefix.Addr().String() + "/" + address.String()
}
