package isakmpd

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"
)

// Where isakmpd looks for keys, unless configured (conf.h).
const (
	defaultPublicDir  = "/etc/isakmpd/pubkeys/"
	defaultPrivateDir = "/etc/isakmpd/private/"
	defaultPrivate    = "/etc/isakmpd/private/local.key"
)

// keys are those of one phase 1 that is authenticated by RSA signatures, DER. isakmpd opens its files at each
// authentication (ike_auth.c), so that there is nothing to reload. Where one cannot be used, problem has what
// isakmpd says of it then.
type keys struct {
	private, own, peer string
	// certificate is the gateway's own, if it has one for the identity.
	certificate             string
	ownProblem, peerProblem string
}

func (m *Model) orDefault(section, tag, fallback string) string {
	if value := m.Get(section, tag); value != "" {
		return value
	}
	return fallback
}

// signs tells whether a phase 1 configuration is for RSA signatures. A rule of ipsec.conf has one transform.
func (m *Model) signs(config string) bool {
	transforms := m.List(config, "Transforms")
	return len(transforms) > 0 && m.Get(transforms[0], "AUTHENTICATION_METHOD") == "RSA_SIG"
}

// cannotSign tells that an exchange with the peer fails for want of the own key, which isakmpd says in its
// course, and charon when it is asked to begin.
func (m *Model) cannotSign(peer string) bool {
	return m.signs(m.Get(peer, "Configuration")) && m.keys(peer).ownProblem != ""
}

func (m *Model) keys(peer string) keys {
	var k keys
	if key, problem := m.ownKey(m.ownID(peer)); key != nil {
		k.private = string(x509.MarshalPKCS1PrivateKey(key))
		k.own = encoded(&key.PublicKey)
		k.certificate = m.ownCertificate(peer, k.own)
	} else {
		k.ownProblem = problem
	}
	if key, problem := peerKey(m.peerKeyFile(peer)); key != nil {
		k.peer = encoded(key)
	} else {
		k.peerProblem = problem
	}
	return k
}

// ownID is the identity that is sent to the peer: without one, the address.
func (m *Model) ownID(peer string) string {
	if id := m.identity(m.Get(peer, "ID")); id != "" {
		return id
	}
	return m.Get(peer, "Local-address")
}

func encoded(key *rsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return ""
	}
	return string(der)
}

// ownKeyFile is where ike_auth_get_key looks: a file of the identity's name comes before the common one.
func (m *Model) ownKeyFile(id string) string {
	if id != "" {
		named := m.orDefault("X509-certificates", "Private-key-directory", defaultPrivateDir) + "/" + id
		if _, err := os.Stat(named); err == nil {
			return named
		}
	}
	return m.orDefault("X509-certificates", "Private-key", defaultPrivate)
}

// ownKey is the RSA part of ike_auth_get_key.
func (m *Model) ownKey(id string) (*rsa.PrivateKey, string) {
	path := m.ownKeyFile(id)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Sprintf("ike_auth_get_key: failed opening \"%s\"", path)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 && int(st.Uid) != os.Getuid() {
		return nil, fmt.Sprintf("check_file_secrecy_fd: not loading %s - file owner is not process user", path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Sprintf("check_file_secrecy_fd: not loading %s - too open permissions", path)
	}
	if text, err := os.ReadFile(path); err == nil {
		if key := privateKey(text); key != nil {
			return key, ""
		}
	}
	return nil, "ike_auth_get_key: PEM_read_bio_RSAPrivateKey failed"
}

func privateKey(text []byte) *rsa.PrivateKey {
	block := blockOf(text, "RSA PRIVATE KEY", "PRIVATE KEY")
	if block == nil {
		return nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil
	}
	key, _ := any.(*rsa.PrivateKey)
	return key
}

// peerKeyFile is where get_raw_key_from_file looks. It goes by the identity that the peer sends; here, by
// the one that is configured, which is the only one that gets so far, and else by the peer's address.
func (m *Model) peerKeyFile(peer string) string {
	id := m.identity(m.Get(peer, "Remote-ID"))
	kind := map[string]string{"IPV4_ADDR": "ipv4", "IPV6_ADDR": "ipv6", "FQDN": "fqdn", "USER_FQDN": "ufqdn"}[m.Get(m.Get(peer, "Remote-ID"), "ID-type")]
	if id == "" {
		id, kind = m.Get(peer, "Address"), "ipv4"
		if strings.Contains(id, ":") {
			kind = "ipv6"
		}
	}
	if id == "" || kind == "" {
		return ""
	}
	return m.orDefault("General", "Pubkey-directory", defaultPublicDir) + "/" + kind + "/" + id
}

// peerKey reads one of the two forms of a public key. A file that is not there is passed over in silence.
func peerKey(path string) (*rsa.PublicKey, string) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ""
	}
	if block := blockOf(text, "PUBLIC KEY"); block != nil {
		if any, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
			if key, ok := any.(*rsa.PublicKey); ok {
				return key, ""
			}
		}
	}
	if block := blockOf(text, "RSA PUBLIC KEY"); block != nil {
		if key, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
			return key, ""
		}
	}
	return nil, fmt.Sprintf("get_raw_key_from_file: failed to get public key %s", path)
}

// blockOf is the first of the kinds in a PEM text: others are passed over.
func blockOf(text []byte, kinds ...string) *pem.Block {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		for _, kind := range kinds {
			if block.Type == kind {
				return block
			}
		}
	}
	return nil
}

// lookInterval is how often the files are looked at, which isakmpd opens when it needs them.
const lookInterval = time.Second

// lookAtKeys brings files of keys that changed into force.
func (d *daemon) lookAtKeys() {
	if seen := d.model.keyFiles(); seen != d.keyFiles {
		d.keyFiles = seen
		d.sync()
	}
}

// keyFiles changes with the files that the configured peers' keys are read from.
func (m *Model) keyFiles() string {
	var out strings.Builder
	for _, peer := range m.signedPeers() {
		for _, path := range []string{m.ownKeyFile(m.ownID(peer)), m.peerKeyFile(peer)} {
			if info, err := os.Stat(path); err == nil {
				st, _ := info.Sys().(*syscall.Stat_t)
				fmt.Fprintf(&out, "%s %d %v\n", path, st.Ino, st.Ctim)
			}
		}
	}
	return out.String()
}

// signedPeers are those of the connections' peers that authenticate by signatures.
func (m *Model) signedPeers() []string {
	var peers []string
	seen := map[string]bool{}
	for _, list := range []string{"Connections", "Passive-Connections"} {
		for _, connection := range m.List("Phase 2", list) {
			peer := m.Get(connection, "ISAKMP-peer")
			if !seen[peer] && m.signs(m.Get(peer, "Configuration")) {
				peers = append(peers, peer)
			}
			seen[peer] = true
		}
	}
	return peers
}
