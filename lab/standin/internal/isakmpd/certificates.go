package isakmpd

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"net/netip"
	"os"
	"path/filepath"

	"standin/internal/vici"
)

// Where isakmpd looks for certificates and their lists, unless configured (conf.h).
const (
	defaultAuthorities = "/etc/isakmpd/ca/"
	defaultLists       = "/etc/isakmpd/crls/"
	defaultOwn         = "/etc/isakmpd/certs/"
)

// certificates are what isakmpd has read at its start or at R (cert.c cert_init, crl_init), DER: a file that
// changes later is not looked at.
type certificates struct {
	authorities, lists, own []string
}

// readCertificates takes the first object of each file: isakmpd reads no further (x509.c x509_read_from_dir).
func (m *Model) readCertificates() certificates {
	read := func(tag, fallback, reader string, kinds ...string) []string {
		var all []string
		directory := m.orDefault("X509-certificates", tag, fallback)
		entries, _ := os.ReadDir(directory)
		for _, entry := range entries {
			path := directory + entry.Name()
			if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
				continue
			}
			text, _ := os.ReadFile(path)
			if block := blockOf(text, kinds...); block != nil {
				all = append(all, string(block.Bytes))
			} else {
				logf("notice", "%s failed for %s", reader, filepath.Clean(path))
			}
		}
		return all
	}
	const ofCertificates = "x509_read_from_dir: PEM_read_X509"
	return certificates{
		authorities: read("CA-directory", defaultAuthorities, ofCertificates, "CERTIFICATE", "X509 CERTIFICATE"),
		own:         read("Cert-directory", defaultOwn, ofCertificates, "CERTIFICATE", "X509 CERTIFICATE"),
		lists:       read("CRL-directory", defaultLists, "x509_read_crls_from_dir: PEM_read_X509_CRL", "X509 CRL"),
	}
}

// Kinds of names in a subjectAltName (x509.h).
const (
	nameEmail   = 1
	nameHost    = 2
	nameAddress = 7
)

// firstName is the one name of the subjectAltName that isakmpd looks at, as it reads it: the first one, and only
// in an extension of less than 128 bytes (x509.c x509_cert_subjectaltname).
func firstName(certificate *x509.Certificate) (kind byte, name string) {
	for _, extension := range certificate.Extensions {
		if !extension.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 17}) || len(extension.Value) < 4 {
			continue
		}
		length := int(extension.Value[3])
		if length+4 > len(extension.Value) {
			return 0, ""
		}
		return extension.Value[2] & 0x3f, string(extension.Value[4 : 4+length])
	}
	return 0, ""
}

// names tells whether isakmpd finds the certificate by an identity (x509.c x509_hash_find).
func names(certificate *x509.Certificate, kind, id string) bool {
	found, name := firstName(certificate)
	switch kind {
	case "FQDN":
		return found == nameHost && name == id
	case "USER_FQDN":
		return found == nameEmail && name == id
	}
	addr, err := netip.ParseAddr(id)
	return err == nil && found == nameAddress && name == string(addr.AsSlice())
}

// ownCertificate is the one that is shown to the peer, "" if there is none. Of one that is not of the key that
// signs nothing comes but the peer's refusal, as of none.
func (m *Model) ownCertificate(peer string, publicKey string) string {
	kind := m.Get(m.Get(peer, "ID"), "ID-type")
	for _, der := range m.certificates.own {
		certificate, err := x509.ParseCertificate([]byte(der))
		if err != nil || !names(certificate, kind, m.ownID(peer)) {
			continue
		}
		if key, err := x509.MarshalPKIXPublicKey(certificate.PublicKey); err == nil && string(key) == publicKey {
			return der
		}
	}
	return ""
}

// trusted are the commands that tell charon whom to believe. With one list isakmpd wants one of every authority,
// roots too; charon does not ask for a root's, so that a root without one is left out.
func (c certificates) trusted() []*vici.Section {
	var out []*vici.Section
	for _, der := range c.authorities {
		if len(c.lists) > 0 && !c.listed(der) {
			continue
		}
		out = append(out, vici.New().Set("type", "X509").Set("flag", "CA").Set("data", der))
	}
	for _, der := range c.lists {
		out = append(out, vici.New().Set("type", "X509_CRL").Set("data", der))
	}
	return out
}

// listed tells whether there is a list of a root; of what is no root charon asks for one itself.
func (c certificates) listed(der string) bool {
	authority, err := x509.ParseCertificate([]byte(der))
	if err != nil || !bytes.Equal(authority.RawIssuer, authority.RawSubject) {
		return true
	}
	for _, list := range c.lists {
		if parsed, err := x509.ParseRevocationList([]byte(list)); err == nil && bytes.Equal(parsed.RawIssuer, authority.RawSubject) {
			return true
		}
	}
	return false
}
