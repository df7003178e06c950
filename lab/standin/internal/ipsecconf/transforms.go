package ipsecconf

import "strings"

// Transform is a cipher, a MAC or a group: its name in ipsec.conf and what isakmpd.conf calls it in each
// phase ("" cannot be used there).
type Transform struct {
	Name   string
	Phase1 string
	Phase2 string
	// Key is the KEY_LENGTH attribute; implicit ciphers authenticate by themselves.
	Key      string
	Implicit bool
}

var authTransforms = []Transform{
	{Name: "none"},
	{Name: "hmac-md5", Phase1: "MD5", Phase2: "HMAC_MD5"},
	{Name: "hmac-ripemd160", Phase2: "HMAC_RIPEMD"},
	{Name: "hmac-sha1", Phase1: "SHA", Phase2: "HMAC_SHA"},
	{Name: "hmac-sha2-256", Phase1: "SHA2_256", Phase2: "HMAC_SHA2_256"},
	{Name: "hmac-sha2-384", Phase1: "SHA2_384", Phase2: "HMAC_SHA2_384"},
	{Name: "hmac-sha2-512", Phase1: "SHA2_512", Phase2: "HMAC_SHA2_512"},
}

var encTransforms = []Transform{
	{Name: "none"},
	{Name: "3des-cbc", Phase1: "3DES_CBC", Phase2: "3DES"},
	{Name: "aes", Phase1: "AES_CBC", Phase2: "AES", Key: "128,128:256"},
	{Name: "aes-128", Phase1: "AES_CBC", Phase2: "AES", Key: "128,128:128"},
	{Name: "aes-192", Phase1: "AES_CBC", Phase2: "AES", Key: "192,192:192"},
	{Name: "aes-256", Phase1: "AES_CBC", Phase2: "AES", Key: "256,256:256"},
	{Name: "aesctr", Phase2: "AES_CTR", Key: "128,128:128"},
	{Name: "aes-128-ctr", Phase2: "AES_CTR", Key: "128,128:128"},
	{Name: "aes-192-ctr", Phase2: "AES_CTR", Key: "192,192:192"},
	{Name: "aes-256-ctr", Phase2: "AES_CTR", Key: "256,256:256"},
	{Name: "aes-128-gcm", Phase2: "AES_GCM_16", Key: "128,128:128", Implicit: true},
	{Name: "aes-192-gcm", Phase2: "AES_GCM_16", Key: "192,192:192", Implicit: true},
	{Name: "aes-256-gcm", Phase2: "AES_GCM_16", Key: "256,256:256", Implicit: true},
	{Name: "aes-128-gmac", Phase2: "AES_GMAC", Key: "128,128:128", Implicit: true},
	{Name: "aes-192-gmac", Phase2: "AES_GMAC", Key: "192,192:192", Implicit: true},
	{Name: "aes-256-gmac", Phase2: "AES_GMAC", Key: "256,256:256", Implicit: true},
	{Name: "blowfish", Phase1: "BLOWFISH_CBC", Phase2: "BLOWFISH", Key: "128,96:192"},
	{Name: "cast128", Phase1: "CAST_CBC", Phase2: "CAST"},
	{Name: "chacha20-poly1305", Implicit: true},
	{Name: "null", Phase2: "NULL"},
}

// groupTransforms keeps each modp and its alias next to each other: the order decides what a prefix means.
var groupTransforms = groups("none", "", "modp768", "1", "modp1024", "2", "modp1536", "5", "modp2048", "14",
	"modp3072", "15", "modp4096", "16", "modp6144", "17", "modp8192", "18", "ecp256", "19", "ecp384", "20",
	"ecp521", "21", "ecp224", "26", "bp224", "27", "bp256", "28", "bp384", "29", "bp512", "30")

func groups(pairs ...string) []Transform {
	var out []Transform
	for i := 0; i < len(pairs); i += 2 {
		name, number := pairs[i], pairs[i+1]
		value := strings.ToUpper(strings.TrimRight(name, "0123456789")) + "_" + strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyz")
		if name == "none" {
			out = append(out, Transform{Name: name, Phase2: "NONE"})
			continue
		}
		out = append(out, Transform{Name: name, Phase1: value, Phase2: value})
		out = append(out, Transform{Name: "grp" + number, Phase1: value, Phase2: value})
	}
	return out
}

var compTransforms = []Transform{{Name: "deflate", Phase2: "DEFLATE"}, {Name: "lzs", Phase2: "LZS"}}

// lookup compares over the given length only, and the first hit wins: "modp" is modp768.
func lookup(list []Transform, name string) *Transform {
	for i := range list {
		if strings.HasPrefix(list[i].Name, name) {
			return &list[i]
		}
	}
	return nil
}

// Defaults of ike.c.
var (
	defaultMainAuth  = lookup(authTransforms, "hmac-sha1")
	defaultQuickAuth = lookup(authTransforms, "hmac-sha2-256")
	defaultEnc       = lookup(encTransforms, "aes")
	defaultGroup     = lookup(groupTransforms, "modp3072")
	noAuth           = &Transform{Name: "none", Phase2: "NONE"}
)
