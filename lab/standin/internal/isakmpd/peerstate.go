package isakmpd

import (
	"fmt"
	"regexp"
	"strings"

	"standin/internal/lazy"
)

// peerState is what charon's log has told of one peer so far: isakmpd's lines name more than charon's do.
type peerState struct {
	name       string
	host, port string
	ids        [2]string // of the phase 1, initiator first
	initiator  bool      // of the phase 1 under way
	encrypted  bool      // our identity has been sent, encrypted
	done       bool      // phase 1 is
	// quickInitiator is who began the quick mode.
	quickInitiator       bool
	deletes              bool   // a DELETE for ESP was read, and its SA is not yet named
	checked              bool   // a signature was, with a key that is not its own
	shown                bool   // a certificate was
	invalid              string // what is wrong with it, in the words of libcrypto
	received, configured string
}

var (
	initiating = lazy.Regexp(`^initiating Main Mode IKE_SA (\S+?)\[\d+\] to ([0-9a-fA-F.:]+?)(?:\[\d+\])?$`)
	initiated  = lazy.Regexp(`^([0-9a-fA-F.:]+?)(?:\[\d+\])? is initiating a Main Mode IKE_SA`)
	arrived    = lazy.Regexp(`^received packet: from ([0-9a-fA-F.:]+?)\[(\d+)\] to `)
	sent       = lazy.Regexp(`^sending packet: from \S+ to ([0-9a-fA-F.:]+?)\[(\d+)\]`)
)

// note keeps what a later line needs.
func (p *peerState) note(message string) {
	if m := initiating().FindStringSubmatch(message); m != nil {
		p.name, p.host, p.port = m[1], m[2], "500"
		p.initiator, p.encrypted, p.done = true, false, false
		p.shown, p.invalid = false, ""
	}
	if m := initiated().FindStringSubmatch(message); m != nil {
		p.host, p.initiator, p.encrypted, p.done = m[1], false, false, false
		p.shown, p.invalid = false, ""
	}
	for _, form := range []*regexp.Regexp{arrived(), sent()} {
		if m := form.FindStringSubmatch(message); m != nil {
			p.host, p.port = m[1], m[2]
		}
	}
	for begin, words := range invalid {
		if strings.HasPrefix(message, begin) {
			p.invalid = words
		}
	}
	switch {
	case strings.HasPrefix(message, "received end entity cert "):
		p.shown = true
	case strings.HasPrefix(message, "signature validation failed"):
		p.checked = true
	case strings.HasPrefix(message, "generating ID_PROT request 0 [ ID "):
		p.encrypted = true
	case strings.HasPrefix(message, "IKE_SA ") && strings.Contains(message, " established between "):
		p.done = true
	case strings.HasPrefix(message, "generating QUICK_MODE request ") && strings.Contains(message, " SA "):
		p.quickInitiator = true
	case strings.HasPrefix(message, "parsed QUICK_MODE request ") && strings.Contains(message, " SA "):
		p.quickInitiator = false
	case strings.HasPrefix(message, "received DELETE for ESP CHILD_SA"):
		p.deletes = true
	case strings.HasPrefix(message, "received proposals: "):
		p.received = strings.TrimPrefix(message, "received proposals: ")
	case strings.HasPrefix(message, "configured proposals: "):
		p.configured = strings.TrimPrefix(message, "configured proposals: ")
	}
}

// givenUp names the exchange: of a phase 1 by the peer's section, of a quick mode by the connection's.
func (p *peerState) givenUp(connection string) string {
	name := p.name
	if p.done && connection != "" {
		name = connection
	}
	return fmt.Sprintf("transport_send_messages: giving up on exchange %s, no response from peer %s:%s", name, p.host, p.port)
}

// invalid has what charon says of a certificate, by its beginning, and what X509_verify_cert_error_string says.
var invalid = map[string]string{
	"no issuer certificate found for ":    "unable to get local issuer certificate",
	"self-signed certificate ":            "self signed certificate",
	"subject certificate invalid ":        "certificate has expired",
	"certificate was revoked on ":         "certificate revoked",
	"crl is stale":                        "CRL has expired",
	"certificate status is not available": "unable to get certificate CRL",
}

// badSignature says why the peer's signature was not taken: no certificate of its is good, and then the file of its
// key is not (ike_auth.c rsa_sig_decode_hash). Two keys are taken for of one length.
func (p *peerState) badSignature(fileProblem string) []string {
	if p.checked {
		p.checked = false
		return []string{"rsa_sig_decode_hash: RSA_public_decrypt () failed"}
	}
	var lines []string
	switch {
	case p.invalid != "":
		lines = append(lines, "x509_cert_validate: "+p.invalid, "rsa_sig_decode_hash: received CERT can't be validated")
	case p.shown:
		lines = append(lines, "rsa_sig_decode_hash: no CERT subject match the ID")
	}
	if fileProblem != "" {
		lines = append(lines, fileProblem)
	}
	return append(lines, "rsa_sig_decode_hash: no public key found")
}

// turnedDown has a line for each of the peer's phase 1 transforms (ike_phase_1.c attribute_unacceptable): the
// first attribute that differs. A length of the key differs without one.
func (p *peerState) turnedDown() []string {
	var lines []string
	want := attributes(strings.Split(p.configured, ", ")[0])
	for _, proposal := range strings.Split(p.received, ", ") {
		got := attributes(proposal)
		if got == nil || want == nil {
			continue
		}
		for _, tag := range []string{"ENCRYPTION_ALGORITHM", "KEY_LENGTH", "HASH_ALGORITHM", "GROUP_DESCRIPTION"} {
			if got[tag] == want[tag] {
				continue
			}
			if tag != "KEY_LENGTH" {
				lines = append(lines, fmt.Sprintf("attribute_unacceptable: %s: got %s, expected %s", tag, got[tag], want[tag]))
			}
			break
		}
	}
	p.received, p.configured = "", ""
	return lines
}

var keyed = lazy.Regexp(`^(AES_CBC|AES_CTR|AES_GCM_16)_(\d+)$`)

// attributes of a phase 1 proposal such as IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256, in the
// words of isakmp_num.cst; nil of any other.
func attributes(proposal string) map[string]string {
	words := strings.Split(strings.TrimPrefix(proposal, "IKE:"), "/")
	if !strings.HasPrefix(proposal, "IKE:") || len(words) < 3 {
		return nil
	}
	out := map[string]string{"ENCRYPTION_ALGORITHM": words[0], "GROUP_DESCRIPTION": words[len(words)-1]}
	if m := keyed().FindStringSubmatch(words[0]); m != nil {
		out["ENCRYPTION_ALGORITHM"], out["KEY_LENGTH"] = m[1], m[2]
	}
	for _, word := range words[1:] {
		switch {
		case strings.Contains(word, "SHA2_"):
			out["HASH_ALGORITHM"] = regexp.MustCompile(`SHA2_\d+`).FindString(word)
		case strings.Contains(word, "SHA1"):
			out["HASH_ALGORITHM"] = "SHA"
		case strings.Contains(word, "MD5"):
			out["HASH_ALGORITHM"] = "MD5"
		}
	}
	return out
}
