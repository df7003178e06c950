package base

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"

	"standin/internal/run"
)

// HostKeys makes the keys of isakmpd and iked at the first boot as rc(8) does: RSA of 2048 bits, and ECDSA of
// P-256.
func HostKeys([]string) int {
	status := 0
	for name, generate := range map[string]func() (private *pem.Block, public interface{}, err error){
		"isakmpd": rsaKey, "iked": ecdsaKey,
	} {
		if err := hostKey("/etc/"+name, generate); err != nil {
			status = run.Errorf(name, "%v", err)
		}
	}
	return status
}

func hostKey(directory string, generate func() (*pem.Block, interface{}, error)) error {
	path := directory + "/private/local.key"
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	private, public, err := generate()
	if err != nil {
		return err
	}
	open, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: open})
	if err := writeWhole(directory+"/local.pub", text, 0o644); err != nil {
		return err
	}
	// The private one last, as it is the one that is looked for.
	return writeWhole(path, pem.EncodeToMemory(private), 0o600)
}

func rsaKey() (*pem.Block, interface{}, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, nil, err
	}
	return &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}, &key.PublicKey, nil
}

func ecdsaKey() (*pem.Block, interface{}, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	secret, err := x509.MarshalECPrivateKey(key)
	return &pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}, &key.PublicKey, err
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
