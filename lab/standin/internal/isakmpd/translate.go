package isakmpd

import (
	"fmt"
	"regexp"
	"strings"

	"standin/internal/vici"
)

// translator says in isakmpd's words what charon reports (openbsd-ipsec.md §8.2). Where charon gives no
// detail, the line has none.
type translator struct {
	verbose bool
	hosts   map[string]string // peer's address by connection
	// expected is the identity that the peer at an address is to have, "" where none is configured.
	expected func(host string) string
}

func newTranslator(verbose bool, expected func(host string) string) *translator {
	return &translator{verbose: verbose, hosts: map[string]string{}, expected: expected}
}

// expectedID looks the peer up as isakmpd does: by its address.
func expectedID(host string) string {
	for _, c := range Connections() {
		if c.Peer == host {
			return c.DstID
		}
	}
	return ""
}

var (
	peerAddress = regexp.MustCompile(`\bto ([0-9a-fA-F.:]+)(?:\[\d+\])?$|(?:is|from) ([0-9a-fA-F.:]+)(?:\[\d+\])?`)
	notifyError = regexp.MustCompile(`^received ([A-Z_]+) (?:error )?notify`)
	idMismatch  = regexp.MustCompile(`^IDir '(.*)' does not match to '(.*)'$`)
	noKey       = regexp.MustCompile(`^no shared key found for '(.*?)'(?:\[.*?\])? - '(.*?)'`)
)

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
		t.hosts[key] = sa.String("remote-host")
		if !up || !t.verbose {
			continue
		}
		ends := fmt.Sprintf("src: %s dst: %s", sa.String("local-host"), sa.String("remote-host"))
		if name == "child-updown" {
			out = append(out, "quick mode done: "+ends)
			continue
		}
		role, first, second := "responder", sa.String("remote-id"), sa.String("local-id")
		if sa.String("initiator") == "yes" {
			role, first, second = "initiator", second, first
		}
		out = append(out, fmt.Sprintf("phase 1 done (as %s): initiator id %s, responder id %s, %s", role, first, second, ends))
	}
	return out
}

func (t *translator) host(connection string) string {
	if h := t.hosts[connection]; h != "" {
		return h
	}
	return "unknown"
}

func (t *translator) log(connection, message string) []string {
	if m := peerAddress.FindStringSubmatch(message); m != nil && connection != "" {
		address := m[1]
		if address == "" {
			address = m[2]
		}
		if t.hosts[connection] == "" || connection[0] == '#' {
			t.hosts[connection] = address
		}
	}
	one := func(format string, args ...interface{}) []string { return []string{fmt.Sprintf(format, args...)} }
	host := t.host(connection)
	switch {
	case strings.HasPrefix(message, "giving up after "):
		return one("transport_send_messages: giving up on exchange %s, no response from peer %s:500", connection, host)
	case strings.HasPrefix(message, "no proposal found"), strings.HasPrefix(message, "no matching proposal found"), strings.HasPrefix(message, "no acceptable"):
		return one("message_negotiate_sa: no compatible proposal found")
	case strings.HasPrefix(message, "no matching CHILD_SA config found"):
		return one("responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: %s", host)
	case message == "no peer config found" && t.expected(host) != "":
		return one("ike_phase_1_recv_ID: received remote ID other than expected %s", t.expected(host))
	case strings.HasPrefix(message, "message parsing failed"), strings.HasPrefix(message, "could not decrypt payloads"),
		strings.HasPrefix(message, "invalid HASH_V1 payload length"), strings.HasPrefix(message, "invalid ID_V1 payload length"):
		return append(one("message_parse_payloads: reserved field non-zero: 6b"),
			fmt.Sprintf("dropped message from %s port 500 due to notification type PAYLOAD_MALFORMED", host))
	case strings.HasPrefix(message, "received DELETE for ESP CHILD_SA"):
		return one("Peer %s made us delete live SA %s for proto 3", host, connection)
	}
	if m := notifyError.FindStringSubmatch(message); m != nil && m[1] != "INITIAL_CONTACT" {
		return one("dropped message from %s port 500 due to notification type %s", host, m[1])
	}
	if m := idMismatch.FindStringSubmatch(message); m != nil {
		return one("ike_phase_1_recv_ID: received remote ID other than expected %s", m[2])
	}
	if m := noKey.FindStringSubmatch(message); m != nil {
		return one("ike_auth_get_key: no key found for peer \"%s\" or local ID \"%s\"", m[2], m[1])
	}
	return nil
}
