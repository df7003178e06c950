package flow

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"standin/installer/ask"
)

// verify checks the sets against the signed list beside them. What cannot be checked needs a yes; no is
// the default, so an unattended installation ends unless its response file expects it.
func (s *Session) verify(dir string, selected []string) error {
	issue := ""
	var hashes map[string]string
	signed, err := os.ReadFile(filepath.Join(dir, "SHA256.sig"))
	switch {
	case err != nil:
		issue = "Directory does not contain SHA256.sig"
	default:
		if hashes, err = SignedHashes(signed, s.Keys); err != nil {
			issue = "Signature check of SHA256.sig failed"
		}
	}
	if issue != "" {
		return s.goOn(issue + ". Continue without verification?")
	}
	var unverified []string
	for _, name := range selected {
		hash, err := hashOf(filepath.Join(dir, name))
		if err != nil {
			return ask.Abort{Line: err.Error()}
		}
		if hashes[name] == hash {
			continue
		}
		if err := s.goOn(fmt.Sprintf("Checksum test for %s failed. Continue anyway?", name)); err != nil {
			return err
		}
		unverified = append(unverified, name)
	}
	if len(unverified) == 0 {
		return nil
	}
	return s.goOn(fmt.Sprintf("Unverified sets: %s. Continue without verification?", strings.Join(unverified, " ")))
}

func (s *Session) goOn(question string) error {
	yes, err := s.YesNo(question, false)
	if err == nil && !yes {
		err = ask.Abort{Line: "Installation of the sets was given up."}
	}
	return err
}

func hashOf(file string) (string, error) {
	in, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), nil
}

// SignedHashes reads a list that signify -S -e made: a comment, the signature, the list. Each of the keys
// may have made it; key and signature are 2 bytes `Ed`, 8 bytes key number, and the key or signature.
func SignedHashes(signed []byte, keys []string) (map[string]string, error) {
	parts := bytes.SplitN(signed, []byte("\n"), 3)
	if len(parts) < 3 {
		return nil, fmt.Errorf("is no signed list")
	}
	signature, err := base64.StdEncoding.DecodeString(string(parts[1]))
	if err != nil || len(signature) != 10+ed25519.SignatureSize {
		return nil, fmt.Errorf("has no signature")
	}
	for _, text := range keys {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != 10+ed25519.PublicKeySize || !bytes.Equal(key[:10], signature[:10]) {
			continue
		}
		if ed25519.Verify(key[10:], parts[2], signature[10:]) {
			return hashes(parts[2]), nil
		}
	}
	return nil, fmt.Errorf("is not signed with a key that is known here")
}

// hashes reads lines of the form `SHA256 (name) = hash`.
func hashes(list []byte) map[string]string {
	out := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		name, hash, found := strings.Cut(strings.TrimPrefix(lines.Text(), "SHA256 ("), ") = ")
		if found {
			out[name] = hash
		}
	}
	return out
}
