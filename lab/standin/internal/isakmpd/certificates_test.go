package isakmpd

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"standin/internal/vici"
)

func issued(t *testing.T, template x509.Certificate, key interface{}) []byte {
	t.Helper()
	signer, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template.SerialNumber, template.NotAfter = big.NewInt(1), time.Now().Add(time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, &template, &x509.Certificate{Subject: pkix.Name{CommonName: "root"}}, key, signer)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Forms: x509.c x509_cert_subjectaltname, x509_cert_get_subjects.
func TestACertificateIsFoundByItsFirstNameAlone(t *testing.T) {
	key := &rsaKey(t).PublicKey
	long := strings.Repeat("x", 60) + ".example.net"
	for _, one := range []struct {
		template x509.Certificate
		kind, id string
		want     bool
	}{
		{x509.Certificate{DNSNames: []string{"gw.example.net", "b.example.net"}}, "FQDN", "gw.example.net", true},
		{x509.Certificate{DNSNames: []string{"b.example.net", "gw.example.net"}}, "FQDN", "gw.example.net", false},
		{x509.Certificate{DNSNames: []string{"gw.example.net"}}, "USER_FQDN", "gw.example.net", false},
		{x509.Certificate{EmailAddresses: []string{"ops@example.net"}}, "USER_FQDN", "ops@example.net", true},
		{x509.Certificate{IPAddresses: []net.IP{net.ParseIP("203.0.113.7")}}, "IPV4_ADDR", "203.0.113.7", true},
		{x509.Certificate{IPAddresses: []net.IP{net.ParseIP("2001:db8::7")}}, "IPV6_ADDR", "2001:db8::7", true},
		{x509.Certificate{DNSNames: []string{long, long}}, "FQDN", long, false},
		{x509.Certificate{Subject: pkix.Name{CommonName: "gw.example.net"}}, "FQDN", "gw.example.net", false},
	} {
		certificate, err := x509.ParseCertificate(issued(t, one.template, key))
		if err != nil {
			t.Fatal(err)
		}
		if got := names(certificate, one.kind, one.id); got != one.want {
			t.Errorf("%+v: %v", one.template.DNSNames, got)
		}
	}
}

// Forms: x509.c x509_read_from_dir, x509_read_crls_from_dir.
func TestOfEachFileTheFirstObjectIsRead(t *testing.T) {
	m, directory := signedModel(t, signedRule)
	for tag, folder := range map[string]string{"CA-directory": "ca", "Cert-directory": "certs", "CRL-directory": "crls"} {
		m.Set("X509-certificates", tag, directory+"/"+folder+"/", true)
	}
	first, second := pemOf("CERTIFICATE", []byte("1")), pemOf("CERTIFICATE", []byte("2"))
	write(t, directory+"/ca/both", append(append([]byte("text\n"), first...), second...), 0o644)
	write(t, directory+"/ca/a-list", pemOf("X509 CRL", []byte("3")), 0o644)
	write(t, directory+"/crls/a-list", pemOf("X509 CRL", []byte("3")), 0o644)
	write(t, directory+"/certs/sub/one", first, 0o644)
	want := certificates{authorities: []string{"1"}, lists: []string{"3"}}
	if got := m.readCertificates(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestTheOwnCertificateIsShownIfItIsOfTheOwnKey(t *testing.T) {
	m, directory := signedModel(t, signedRule)
	own := rsaKey(t)
	shown := func(key *rsa.PrivateKey, names ...string) []string {
		m.certificates = certificates{own: []string{string(issued(t, x509.Certificate{DNSNames: names}, &key.PublicKey))}}
		return m.peers()[0].conn.Section("local").List("certs")
	}
	write(t, directory+"/private/local.key", pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(own)), 0o600)
	if got := shown(own, "gw.example.net"); len(got) != 1 || got[0] != m.certificates.own[0] {
		t.Error("is not shown")
	}
	if shown(own, "other.example.net") != nil || shown(rsaKey(t), "gw.example.net") != nil {
		t.Error("another's is shown")
	}
}

func TestWithOneListARootWithoutOneIsNotBelieved(t *testing.T) {
	signer, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	root := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "root"}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCRLSign | x509.KeyUsageCertSign, SubjectKeyId: []byte{1}}
	der, err := x509.CreateCertificate(rand.Reader, &root, &root, &signer.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	list, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1)}, &root, signer)
	if err != nil {
		t.Fatal(err)
	}
	types := func(c certificates) (all []string) {
		for _, one := range c.trusted() {
			all = append(all, one.String("type"))
		}
		return all
	}
	if got := types(certificates{authorities: []string{string(der)}}); !reflect.DeepEqual(got, []string{"X509"}) {
		t.Error(got)
	}
	if got := types(certificates{authorities: []string{string(der)}, lists: []string{string(list)}}); !reflect.DeepEqual(got, []string{"X509", "X509_CRL"}) {
		t.Error(got)
	}
	if got := types(certificates{authorities: []string{string(der)}, lists: []string{"other"}}); !reflect.DeepEqual(got, []string{"X509_CRL"}) {
		t.Error(got)
	}
}

// Forms: x509.c x509_cert_validate with LibreSSL's X509_verify_cert_error_string, ike_auth.c rsa_sig_decode_hash.
func TestLogOfCertificates(t *testing.T) {
	translate := newTranslator(true, func(string) Connection { return Connection{} }, func(time.Duration, string) {})
	log := func(messages ...string) (said []string) {
		for _, message := range append([]string{"198.51.100.11 is initiating a Main Mode IKE_SA", "received packet: from 198.51.100.11[4500] to 10.10.0.2[4500] (108 bytes)"}, messages...) {
			said = translate.event("log", vici.New().Set("ikesa-name", "peer-x").Set("msg", message))
		}
		return said
	}
	const received, none = `received end entity cert "O=Lab, CN=west"`, "no trusted RSA public key found for 'west.example.net'"
	const noKey, dropped = "rsa_sig_decode_hash: no public key found", "dropped message from 198.51.100.11 port 4500 due to notification type INVALID_ID_INFORMATION"
	const notValid = "rsa_sig_decode_hash: received CERT can't be validated"
	for message, want := range map[string][]string{
		`no issuer certificate found for "O=Lab, CN=west"`:                                      {"x509_cert_validate: unable to get local issuer certificate", notValid, noKey, dropped},
		"subject certificate invalid (valid from Jan 01 00:00:00 2026 to Jan 02 00:00:00 2026)": {"x509_cert_validate: certificate has expired", notValid, noKey, dropped},
		"certificate was revoked on Jan 01 00:00:00 UTC 2026, reason: unspecified":              {"x509_cert_validate: certificate revoked", notValid, noKey, dropped},
		"": {"rsa_sig_decode_hash: no CERT subject match the ID", noKey, dropped},
		"signature validation failed, looking for another key": {"rsa_sig_decode_hash: RSA_public_decrypt () failed", dropped},
	} {
		if got := log(received, message, none); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q", message, got)
		}
	}
	if got := log(none); !reflect.DeepEqual(got, []string{noKey, dropped}) {
		t.Errorf("%q", got)
	}
}
