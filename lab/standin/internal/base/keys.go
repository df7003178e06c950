package base

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"

	"standin/internal/run"
)

// IkedKey makes iked's host key at the first boot as rc(8) does: ECDSA P-256.
func IkedKey([]string) int {
	const private, public = "/etc/iked/private/local.key", "/etc/iked/local.pub"
	if _, err := os.Stat(private); err == nil {
		return 0
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return run.Errorf("iked", "%v", err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return run.Errorf("iked", "%v", err)
	}
	open, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return run.Errorf("iked", "%v", err)
	}
	if err := os.WriteFile(private, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return run.Errorf("iked", "%v", err)
	}
	if err := os.WriteFile(public, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: open}), 0o644); err != nil {
		return run.Errorf("iked", "%v", err)
	}
	return 0
}
