package ipsecconf

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
)

// PeerName is the name of the phase 1 section of a rule.
func (r *Rule) PeerName() string {
	name := "peer-default"
	if r.Peer != "" {
		name = "peer-" + r.Peer
	}
	if r.Local != "" {
		name += "-local-" + r.Local
	}
	return name
}

// ConnectionName is the name of the phase 2 section of a rule.
func (r *Rule) ConnectionName() string {
	return r.localID() + "-" + r.remoteID()
}

func (r *Rule) localID() string { return "from-" + r.endName(r.From) }

func (r *Rule) remoteID() string { return "to-" + r.endName(r.To) }

func (r *Rule) protoSuffix(s Selector) string {
	switch {
	case r.Proto == 0:
		return ""
	case s.Port == 0:
		return fmt.Sprintf("=%d", r.Proto)
	}
	return fmt.Sprintf("=%d:%d", r.Proto, s.Port)
}

// writer collects commands; problem is the first reason why the rule cannot be loaded.
type writer struct {
	lines   []string
	problem string
}

func (w *writer) set(section, tag, value string) {
	w.lines = append(w.lines, fmt.Sprintf("C set [%s]:%s=%s force", section, tag, value))
}

func (w *writer) add(format string, args ...interface{}) {
	w.lines = append(w.lines, fmt.Sprintf(format, args...))
}

func (w *writer) illegal(what, name string) {
	if w.problem == "" {
		w.problem = fmt.Sprintf("illegal %s %s", what, name)
	}
}

// Establish returns the FIFO commands that add a rule, and what is wrong with its transforms.
func (r *Rule) Establish() (lines []string, problem string) {
	w := &writer{}
	r.phase1(w)
	if w.problem == "" {
		r.phase2(w)
	}
	return w.lines, w.problem
}

func (r *Rule) phase1(w *writer) {
	peer := r.PeerName()
	if r.Mode == "dynamic" {
		w.set("General", "Check-interval", "30")
		w.set("General", "DPD-check-interval", "5")
	}
	if r.Peer == "" {
		w.set("Phase 1", "Default", peer)
	} else {
		w.set("Phase 1", r.Peer, peer)
	}
	w.set(peer, "Phase", "1")
	if r.Peer != "" {
		w.set(peer, "Address", r.Peer)
	}
	if r.Local != "" {
		w.set(peer, "Local-address", r.Local)
	}
	config := "phase1-" + peer
	w.set(peer, "Configuration", config)
	exchange := "ID_PROT"
	if r.Main.Aggressive {
		exchange = "AGGRESSIVE"
	}
	w.set(config, "EXCHANGE_TYPE", exchange)
	r.phase1Transform(w, peer, config)
	if r.PSK != "" {
		w.set(peer, "Authentication", r.PSK)
	}
	srcID := r.SrcID
	if srcID == "" && r.Mode == "dynamic" {
		srcID, _ = os.Hostname()
	}
	for _, id := range []struct{ tag, value string }{{"ID", srcID}, {"Remote-ID", r.DstID}} {
		if id.value == "" {
			continue
		}
		section := "id-" + id.value
		w.set(peer, id.tag, section)
		kind, name := identity(id.value)
		w.set(section, "ID-type", kind)
		w.set(section, name, id.value)
	}
}

func (r *Rule) phase1Transform(w *writer, peer, config string) {
	auth, enc, group := pick(r.Main.Auth, defaultMainAuth), pick(r.Main.Enc, defaultEnc), pick(r.Main.Group, defaultGroup)
	switch {
	case auth.Phase1 == "":
		w.illegal("transform", auth.Name)
	case enc.Phase1 == "":
		w.illegal("transform", enc.Name)
	case group.Phase1 == "":
		w.illegal("group", group.Name)
	}
	if w.problem != "" {
		return
	}
	method := "RSA_SIG"
	if r.PSK != "" {
		method = "PRE_SHARED"
	}
	name := fmt.Sprintf("phase1-transform-%s-%s-%s-%s-%s", peer, method, auth.Phase1, shortCipher(enc.Phase1, enc.Key), group.Phase1)
	w.add("C add [%s]:Transforms=%s force", config, name)
	w.set(name, "AUTHENTICATION_METHOD", method)
	w.set(name, "HASH_ALGORITHM", auth.Phase1)
	w.set(name, "ENCRYPTION_ALGORITHM", enc.Phase1)
	if enc.Key != "" {
		w.set(name, "KEY_LENGTH", enc.Key)
	}
	w.set(name, "GROUP_DESCRIPTION", group.Phase1)
	life(w, name, "LIFE_MAIN_MODE", r.Main.Lifetime)
}

func (r *Rule) phase2(w *writer) {
	name, peer := r.ConnectionName(), r.PeerName()
	w.set(name, "Phase", "2")
	w.set(name, "ISAKMP-peer", peer)
	w.set(name, "Configuration", "phase2-"+name)
	w.set(name, "Local-ID", r.localID())
	w.set(name, "Remote-ID", r.remoteID())
	if r.From.SrcNat != nil {
		w.set(name, "NAT-ID", "nat-"+r.From.SrcNat.Text())
		r.identitySection(w, "nat-"+r.From.SrcNat.Text(), *r.From.SrcNat)
	}
	if r.Tag != "" {
		w.set(name, "PF-Tag", r.Tag)
	}
	if r.Unit != nil {
		w.set(name, "Interface", fmt.Sprint(*r.Unit))
	}
	w.set("phase2-"+name, "EXCHANGE_TYPE", "QUICK_MODE")
	w.set("phase2-"+name, "Suites", "phase2-suite-"+name)
	w.set("phase2-suite-"+name, "Protocols", "phase2-protocol-"+name)
	protocol := map[string]string{"esp": "IPSEC_ESP", "ah": "IPSEC_AH"}[r.SAType]
	if protocol == "" {
		w.illegal("protocol", r.SAType)
		return
	}
	w.set("phase2-protocol-"+name, "PROTOCOL_ID", protocol)
	r.phase2Transform(w, name)
	r.identitySection(w, r.localID(), r.From)
	r.identitySection(w, r.remoteID(), r.To)
	if r.Mode == "passive" {
		w.add("C add [Phase 2]:Passive-Connections=%s", name)
	} else {
		w.add("C add [Phase 2]:Connections=%s", name)
	}
}

func (r *Rule) phase2Transform(w *writer, connection string) {
	enc, group := pick(r.Quick.Enc, defaultEnc), pick(r.Quick.Group, defaultGroup)
	auth := pick(r.Quick.Auth, defaultQuickAuth)
	if enc.Implicit {
		auth = noAuth
	}
	switch {
	case r.SAType == "esp" && enc.Phase2 == "":
		w.illegal("transform", enc.Name)
	case auth.Phase2 == "":
		w.illegal("transform", auth.Name)
	case r.SAType == "ah" && auth == noAuth:
		w.illegal("transform", "none")
	}
	if w.problem != "" {
		return
	}
	mode := "TUNNEL"
	if r.Transport {
		mode = "TRANSPORT"
	}
	name := fmt.Sprintf("phase2-transform-%s-%s-%s-%s-%s", connection, shortCipher(enc.Phase2, enc.Key),
		strings.TrimPrefix(auth.Phase2, "HMAC_"), group.Phase2, mode)
	w.set("phase2-protocol-"+connection, "Transforms", name)
	if r.SAType == "ah" {
		w.set(name, "TRANSFORM_ID", strings.TrimPrefix(auth.Phase2, "HMAC_"))
	} else {
		w.set(name, "TRANSFORM_ID", enc.Phase2)
		if enc.Key != "" {
			w.set(name, "KEY_LENGTH", enc.Key)
		}
	}
	w.set(name, "ENCAPSULATION_MODE", mode)
	if auth != noAuth {
		w.set(name, "AUTHENTICATION_ALGORITHM", auth.Phase2)
	}
	if group.Phase2 != "NONE" {
		w.set(name, "GROUP_DESCRIPTION", group.Phase2)
	}
	life(w, name, "LIFE_QUICK_MODE", r.Quick.Lifetime)
}

func (r *Rule) identitySection(w *writer, section string, s Selector) {
	addr := s.Prefix.Addr()
	family, bits := "IPV4_ADDR", 32
	if addr.Is6() {
		family, bits = "IPV6_ADDR", 128
	}
	if s.Net {
		w.set(section, "ID-type", family+"_SUBNET")
		w.set(section, "Network", addr.String())
		w.set(section, "Netmask", net.IP(net.CIDRMask(s.Prefix.Bits(), bits)).String())
	} else {
		w.set(section, "ID-type", family)
		w.set(section, "Address", addr.String())
	}
	if r.Proto != 0 {
		w.set(section, "Protocol", fmt.Sprint(r.Proto))
		if s.Port != 0 {
			w.set(section, "Port", fmt.Sprint(s.Port))
		}
	}
}

// Delete returns the FIFO commands of -d: the connection goes, phase 1 and the peer stay.
func (r *Rule) Delete() []string {
	name, list := r.ConnectionName(), "Connections"
	if r.Mode == "passive" {
		list = "Passive-Connections"
	}
	return []string{"t " + name, "C rmv [Phase 2]:" + list + "=" + name, "C rms [" + name + "]", "C rms [phase2-" + name + "]"}
}

func pick(chosen, fallback *Transform) *Transform {
	if chosen != nil {
		return chosen
	}
	return fallback
}

// shortCipher is how a transform's name writes its cipher: AES256, AES_GCM_16256, 3DES; a range of key
// lengths is written without its comma, which would end an entry of the list of transforms.
func shortCipher(name, key string) string {
	name = strings.TrimSuffix(name, "_CBC")
	preferred, span, _ := strings.Cut(key, ",")
	if span == preferred+":"+preferred {
		return name + preferred
	}
	return name + span
}

func life(w *writer, transform, fallback string, seconds int) {
	if seconds == 0 {
		w.set(transform, "Life", fallback)
		return
	}
	section := transform + "-life"
	w.set(transform, "Life", section)
	w.set(section, "LIFE_TYPE", "SECONDS")
	w.set(section, "LIFE_DURATION", fmt.Sprint(seconds))
}

// identity returns the ID type of a value and the tag that holds it.
func identity(value string) (kind, tag string) {
	if addr, err := netip.ParseAddr(value); err == nil {
		if addr.Is4() {
			return "IPV4_ADDR", "Address"
		}
		return "IPV6_ADDR", "Address"
	}
	if strings.Contains(value, "@") {
		return "USER_FQDN", "Name"
	}
	return "FQDN", "Name"
}
