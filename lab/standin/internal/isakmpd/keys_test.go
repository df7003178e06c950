package isakmpd

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"standin/internal/vici"
)

const signedRule = `ike active esp tunnel from 10.10.0.0/24 to 10.20.1.0/24 local 10.10.0.2 peer 198.51.100.11 \
 main auth hmac-sha2-256 enc aes-256 group ecp256 quick auth hmac-sha2-512 enc aes-256 \
 srcid gw.example.net dstid west.example.net rsa
`

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func write(t *testing.T, path string, text []byte, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	os.Remove(path)
	if err := os.WriteFile(path, text, mode); err != nil {
		t.Fatal(err)
	}
}

// signedModel is a model whose files are below a directory of the test.
func signedModel(t *testing.T, rule string) (m *Model, directory string) {
	t.Helper()
	m, directory = loaded(t, rule), t.TempDir()
	m.Set("General", "Pubkey-directory", directory+"/pubkeys", true)
	m.Set("X509-certificates", "Private-key", directory+"/private/local.key", true)
	m.Set("X509-certificates", "Private-key-directory", directory+"/private", true)
	return m, directory
}

// Forms: ipsec.c ipsec_id_string, ike_auth.c get_raw_key_from_file.
func TestThePeersKeyIsFoundByItsIdentity(t *testing.T) {
	const peer = "peer-198.51.100.11-local-10.10.0.2"
	for id, want := range map[string]string{
		"dstid west.example.net":     "fqdn/west.example.net",
		"dstid ops@west.example.net": "ufqdn/ops@west.example.net",
		"dstid 203.0.113.7":          "ipv4/203.0.113.7",
		"dstid 2001:db8::7":          "ipv6/2001:db8::7",
		"":                           "ipv4/198.51.100.11",
	} {
		m := loaded(t, strings.Replace(signedRule, "dstid west.example.net", id, 1))
		if got := m.peerKeyFile(peer); got != "/etc/isakmpd/pubkeys//"+want {
			t.Errorf("%s: %s", id, got)
		}
	}
}

// Forms: ike_auth.c get_raw_key_from_file. A missing file is passed over in silence.
func TestThePeersKeyIsRSA(t *testing.T) {
	key := rsaKey(t)
	curve, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, _ := x509.MarshalPKIXPublicKey(&curve.PublicKey)
	file := t.TempDir() + "/west"
	failed := "get_raw_key_from_file: failed to get public key " + file
	for _, one := range []struct {
		text    []byte
		found   bool
		problem string
	}{
		{pemOf("PUBLIC KEY", []byte(encoded(&key.PublicKey))), true, ""},
		{pemOf("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey)), true, ""},
		{append(pemOf("NOTE", []byte("x")), pemOf("PUBLIC KEY", []byte(encoded(&key.PublicKey)))...), true, ""},
		{pemOf("PUBLIC KEY", other), false, failed},
		{[]byte("none"), false, failed},
		{nil, false, ""},
	} {
		os.Remove(file)
		if one.text != nil {
			write(t, file, one.text, 0o644)
		}
		got, problem := peerKey(file)
		if (got != nil) != one.found || problem != one.problem || got != nil && !got.Equal(&key.PublicKey) {
			t.Errorf("%s: %v %q", one.text, got, problem)
		}
	}
}

// Forms: ike_auth.c ike_auth_get_key, util.c check_file_secrecy_fd.
func TestTheOwnKeyIsSecretAndRSA(t *testing.T) {
	m, directory := signedModel(t, signedRule)
	common, named := directory+"/private/local.key", directory+"/private/gw.example.net"
	key, other := rsaKey(t), rsaKey(t)
	text := pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	check := func(want *rsa.PrivateKey, problem string) {
		t.Helper()
		got, said := m.ownKey("gw.example.net")
		if (got == nil) != (want == nil) || want != nil && !want.Equal(got) || said != problem {
			t.Errorf("%v %q", got != nil, said)
		}
	}
	check(nil, fmt.Sprintf("ike_auth_get_key: failed opening %q", common))
	write(t, common, text, 0o644)
	check(nil, "check_file_secrecy_fd: not loading "+common+" - too open permissions")
	write(t, common, text, 0o610)
	check(nil, "check_file_secrecy_fd: not loading "+common+" - too open permissions")
	write(t, common, text, 0o600)
	check(key, "")
	curve, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	for _, wrong := range []interface{}{curve, nil} {
		der, _ := x509.MarshalPKCS8PrivateKey(wrong)
		write(t, common, pemOf("PRIVATE KEY", der), 0o600)
		check(nil, "ike_auth_get_key: PEM_read_bio_RSAPrivateKey failed")
	}
	der, _ := x509.MarshalPKCS8PrivateKey(other)
	write(t, named, pemOf("PRIVATE KEY", der), 0o600)
	check(other, "")
}

func TestASignedPeerHasItsKeysFromTheFiles(t *testing.T) {
	m, directory := signedModel(t, signedRule)
	own, west, next := rsaKey(t), rsaKey(t), rsaKey(t)
	file := directory + "/pubkeys/fqdn/west.example.net"
	pubkeys := func(side string) []string { return m.peers()[0].conn.Section(side).List("pubkeys") }
	if got := m.peers()[0]; got.conn.Section("local").String("auth") != "pubkey" || got.shared != nil || got.keys.private != "" {
		t.Errorf("%+v", got)
	}
	if !m.cannotSign(m.peers()[0].name) {
		t.Error("signs without a key")
	}
	if pubkeys("local") != nil || pubkeys("remote") != nil {
		t.Error("keys out of nothing")
	}
	write(t, directory+"/private/local.key", pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(own)), 0o600)
	write(t, file, pemOf("PUBLIC KEY", []byte(encoded(&west.PublicKey))), 0o644)
	if !reflect.DeepEqual(pubkeys("local"), []string{encoded(&own.PublicKey)}) || !reflect.DeepEqual(pubkeys("remote"), []string{encoded(&west.PublicKey)}) {
		t.Error("not the keys of the files")
	}
	seen, peer := m.keyFiles(), m.peers()[0]
	if m.cannotSign(peer.name) {
		t.Error("does not sign with its key")
	}
	running := &charon{loaded: map[string]peerConfig{peer.name: peer}}
	if m.keyFiles() != seen || running.hasOldKeys(m.peers()) {
		t.Error("nothing has changed")
	}
	write(t, file, pemOf("PUBLIC KEY", []byte(encoded(&next.PublicKey))), 0o644)
	if m.keyFiles() == seen || !running.hasOldKeys(m.peers()) || !running.hasOldKeys(nil) {
		t.Error("a changed key is not noticed")
	}
	if got := pubkeys("remote"); !reflect.DeepEqual(got, []string{encoded(&next.PublicKey)}) {
		t.Error("the old key stays")
	}
}

func TestAPresharedKeyNeedsNoFiles(t *testing.T) {
	m := loaded(t, westRule)
	if peer := m.peers()[0]; m.cannotSign(peer.name) || peer.keys != (keys{}) || peer.conn.Section("remote").String("auth") != "psk" || m.keyFiles() != "" {
		t.Errorf("%+v", peer)
	}
}

// Forms: ike_auth.c rsa_sig_decode_hash, rsa_sig_encode_hash, exchange.c exchange_run; seen on OpenBSD, but for
// the wrong key.
func TestLogOfSignatures(t *testing.T) {
	connection := Connection{}
	translate := newTranslator(true, func(string) Connection { return connection }, func(time.Duration, string) {})
	log := func(messages ...string) (said string) {
		translate.event("log", vici.New().Set("ikesa-name", "peer-x").Set("msg", "received packet: from 198.51.100.11[4500] to 10.10.0.2[4500] (108 bytes)"))
		for _, message := range messages {
			said = strings.Join(translate.event("log", vici.New().Set("ikesa-name", "peer-x").Set("msg", message)), "|")
		}
		return said
	}
	dropped := "|dropped message from 198.51.100.11 port 4500 due to notification type INVALID_ID_INFORMATION"
	const none, wrong = "no trusted RSA public key found for 'west.example.net'", "signature validation failed, looking for another key"
	for _, one := range []struct {
		messages []string
		problem  string
		want     string
	}{
		{[]string{none}, "", "rsa_sig_decode_hash: no public key found" + dropped},
		{[]string{none}, "get_raw_key_from_file: failed to get public key x", "get_raw_key_from_file: failed to get public key x|rsa_sig_decode_hash: no public key found" + dropped},
		{[]string{wrong, none}, "", "rsa_sig_decode_hash: RSA_public_decrypt () failed" + dropped},
		{[]string{none}, "", "rsa_sig_decode_hash: no public key found" + dropped},
	} {
		connection = Connection{PeerProblem: one.problem}
		if got := log(one.messages...); got != one.want {
			t.Errorf("%q", got)
		}
	}
	connection = Connection{OwnProblem: "check_file_secrecy_fd: not loading x - too open permissions"}
	for role, first := range map[string]string{
		"initiator": "initiating Main Mode IKE_SA peer-x[1] to 198.51.100.11",
		"responder": "198.51.100.11 is initiating a Main Mode IKE_SA",
	} {
		want := connection.OwnProblem + "|rsa_sig_encode_hash: could not get private key|exchange_run: doi->" + role + " (0x"
		for _, message := range []string{"no RSA private key found for 'gw'", "no private key found for 'gw'"} {
			if got := log(first, message); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, ") failed") {
				t.Errorf("%q", got)
			}
		}
	}
}
