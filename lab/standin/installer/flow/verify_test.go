package flow

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"standin/installer/ask"
	"standin/installer/respond"
)

// sign makes what signify -S -e makes, and the key line that belongs to it.
func sign(list string) (signed, key string) {
	public, secret, _ := ed25519.GenerateKey(nil)
	head := "Ed" + "12345678"
	encode := func(b []byte) string { return base64.StdEncoding.EncodeToString(append([]byte(head), b...)) }
	signed = "untrusted comment: verify\n" + encode(ed25519.Sign(secret, []byte(list))) + "\n" + list
	return signed, encode(public)
}

func TestSetsAreCheckedAgainstASignedList(t *testing.T) {
	list := ""
	f := guest(t)
	for _, name := range []string{"bsd", "bsd.rd", "base79.tgz", "man79.tgz"} {
		hash, err := hashOf(f.cds["cd0"] + "/7.9/amd64/" + name)
		if err != nil {
			t.Fatal(err)
		}
		list += fmt.Sprintf("SHA256 (%s) = %s\n", name, hash)
	}
	signed, key := sign(list)
	const yes = `Checksum test for site79.tgz failed. Continue anyway = yes
Unverified sets: site79.tgz. Continue without verification = yes
`
	for name, c := range map[string]struct {
		sig, responses, shown string
		ends                  bool
	}{
		"only the site set is not in it": {signed, static + yes, "Unverified sets: site79.tgz. Continue without verification? [no] yes", false},
		"and needs a yes":                {signed, static, "Checksum test for site79.tgz failed. Continue anyway? [no] no", true},
		"an altered list":                {strings.Replace(signed, "(bsd)", "(bsd2)", 1), static + yes, "Signature check of SHA256.sig failed. Continue without verification? [no] no", true},
		"no list":                        {"", static + yes, "Signature check of SHA256.sig failed", true},
	} {
		t.Run(name, func(t *testing.T) {
			f.put(f.cds["cd0"], "7.9/amd64/SHA256.sig", c.sig)
			var out strings.Builder
			s := Session{Asker: &ask.Asker{Out: &out, Responses: respond.Parse(c.responses)}, Out: &out, Machine: f, Version: "7.9", Keys: []string{key}}
			if err := s.Install(); (err != nil) != c.ends {
				t.Errorf("ended with %v", err)
			}
			if !strings.Contains(out.String(), c.shown) {
				t.Errorf("not shown: %s\n%s", c.shown, out.String())
			}
		})
	}
}
