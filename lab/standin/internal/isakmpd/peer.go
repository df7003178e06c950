package isakmpd

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"standin/internal/vici"
)

// peerConfig is what charon gets for one phase 1 peer.
type peerConfig struct {
	name   string
	conn   *vici.Section
	shared *vici.Section // nil with signatures
	keys   keys
}

// peers translates the model: one charon connection for each phase 1 section that a connection uses.
func (m *Model) peers() []peerConfig {
	byPeer := map[string][]string{}
	var order []string
	for _, c := range m.connections() {
		peer := m.Get(c.Name, "ISAKMP-peer")
		if byPeer[peer] == nil {
			order = append(order, peer)
		}
		byPeer[peer] = append(byPeer[peer], c.Name)
	}
	var out []peerConfig
	for _, peer := range order {
		if config, ok := m.peer(peer, byPeer[peer]); ok {
			out = append(out, config)
		}
	}
	return out
}

func seconds(n int) string { return fmt.Sprintf("%ds", n) }

// rekeyAt is where soft lifetimes end, in percent of the lifetime.
const rekeyAt = 90

func (m *Model) peer(name string, connections []string) (peerConfig, bool) {
	config := m.Get(name, "Configuration")
	proposals := m.phase1Proposals(config)
	secret := m.Get(name, "Authentication")
	signs := m.signs(config)
	if len(proposals) == 0 || secret == "" && !signs {
		return peerConfig{}, false
	}
	children := vici.New()
	for _, connection := range connections {
		if child, ok := m.child(connection); ok {
			children.Set(connection, child)
		}
	}
	if len(children.Keys) == 0 {
		return peerConfig{}, false
	}
	address := m.Get(name, "Address")
	remote := address
	if remote == "" {
		remote = "%any"
	}
	life := m.lifetime(m.List(config, "Transforms")[0], defaultMainLife)
	conn := vici.New().Set("version", "1").Set("remote_addrs", []string{remote}).Set("proposals", proposals).
		Set("keyingtries", "1").Set("unique", "replace").
		Set("rekey_time", seconds(life*rekeyAt/100)).Set("over_time", seconds(life-life*rekeyAt/100)).Set("rand_time", "0s")
	if local := m.Get(name, "Local-address"); local != "" {
		conn.Set("local_addrs", []string{local})
	}
	if m.Get(config, "EXCHANGE_TYPE") == "AGGRESSIVE" {
		conn.Set("aggressive", "yes")
	}
	if dpd := m.dpdInterval(); dpd > 0 {
		conn.Set("dpd_delay", seconds(dpd)).Set("dpd_timeout", seconds(dpd+dpdGrace))
	}
	auth := "psk"
	if signs {
		auth = "pubkey"
	}
	local, other := vici.New().Set("auth", auth), vici.New().Set("auth", auth)
	if id := m.identity(m.Get(name, "ID")); id != "" {
		local.Set("id", id)
	}
	owners := []string{}
	if id := m.identity(m.Get(name, "Remote-ID")); id != "" {
		other.Set("id", id)
		owners = append(owners, id)
	}
	if address != "" {
		owners = append(owners, address)
	}
	conn.Set("local", local).Set("remote", other).Set("children", children)
	if signs {
		k := m.keys(name)
		// isakmpd shows its certificate unasked, and asks for none before the peer has signed (exchange.c
		// exchange_add_certreqs).
		conn.Set("send_cert", "always").Set("send_certreq", "no")
		switch {
		case k.certificate != "":
			local.Set("certs", []string{k.certificate})
		case k.own != "":
			local.Set("pubkeys", []string{k.own})
		}
		if k.peer != "" {
			other.Set("pubkeys", []string{k.peer})
		}
		if len(m.certificates.lists) > 0 {
			other.Set("revocation", "strict")
		}
		return peerConfig{name: name, conn: conn, keys: k}, true
	}
	shared := vici.New().Set("id", name).Set("type", "IKE").Set("data", decodeSecret(secret)).Set("owners", owners)
	return peerConfig{name: name, conn: conn, shared: shared}, true
}

// dpdGrace is how long isakmpd goes on asking a silent peer: five probes, ten seconds apart.
const dpdGrace = 50

func (m *Model) dpdInterval() int {
	n := 0
	fmt.Sscanf(m.Get("General", "DPD-check-interval"), "%d", &n)
	return n
}

// decodeSecret reads a PSK as isakmpd does: 0x… is hex.
func decodeSecret(text string) string {
	if strings.HasPrefix(text, "0x") {
		if raw, err := hex.DecodeString(text[2:]); err == nil {
			return string(raw)
		}
	}
	return text
}

func (m *Model) child(connection string) (*vici.Section, bool) {
	local, remote := m.selector(m.Get(connection, "Local-ID")), m.selector(m.Get(connection, "Remote-ID"))
	proposals := m.phase2Proposals(connection)
	if local == "" || remote == "" || len(proposals) == 0 {
		return nil, false
	}
	transform := m.phase2Transforms(connection)[0]
	life := m.lifetime(transform, defaultQuickLife)
	mode := "tunnel"
	if m.Get(transform, "ENCAPSULATION_MODE") == "TRANSPORT" {
		mode = "transport"
	}
	child := vici.New().Set("mode", mode).Set("local_ts", []string{m.withPort(m.Get(connection, "Local-ID"), local)}).
		Set("remote_ts", []string{m.withPort(m.Get(connection, "Remote-ID"), remote)}).
		Set("esp_proposals", proposals).Set("life_time", seconds(life)).Set("rekey_time", seconds(life*rekeyAt/100)).
		Set("rand_time", "0s").Set("start_action", "none").Set("dpd_action", "clear").Set("close_action", "none")
	m.onInterface(connection, child)
	if m.natID(connection) != "" {
		child.Set("reqid", strconv.Itoa(Connection{Name: connection}.ReqID()))
	}
	return child, true
}

// withPort adds protocol and port to a selector as charon writes them: 10.0.0.1[tcp/22].
func (m *Model) withPort(section, selector string) string {
	protocol := m.Get(section, "Protocol")
	if protocol == "" {
		return selector
	}
	port := m.Get(section, "Port")
	if port == "" {
		return selector + "[" + protocol + "]"
	}
	return selector + "[" + protocol + "/" + port + "]"
}
