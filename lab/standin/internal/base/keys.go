package base

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"

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
	// The private one last, as it is the one that is looked for.
	for _, file := range []struct {
		path, kind string
		bytes      []byte
		mode       os.FileMode
	}{{public, "PUBLIC KEY", open, 0o644}, {private, "EC PRIVATE KEY", secret, 0o600}} {
		if err := writeWhole(file.path, pem.EncodeToMemory(&pem.Block{Type: file.kind, Bytes: file.bytes}), file.mode); err != nil {
			return run.Errorf("iked", "%v", err)
		}
	}
	return 0
}

// writeWhole leaves the whole file or none: a machine that loses power at its first boot would never make
// a key again that is there, but empty.
func writeWhole(path string, bytes []byte, mode os.FileMode) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if err := file.Chmod(mode); err != nil {
		return err
	}
	if _, err := file.Write(bytes); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
