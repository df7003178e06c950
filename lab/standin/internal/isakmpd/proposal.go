package isakmpd

import (
	"strconv"
	"strings"
)

// charon's names of what isakmpd.conf calls otherwise.
var (
	hashes = map[string]string{"MD5": "md5", "SHA": "sha1", "SHA2_256": "sha256", "SHA2_384": "sha384", "SHA2_512": "sha512"}
	groups = map[string]string{"MODP_768": "modp768", "MODP_1024": "modp1024", "MODP_1536": "modp1536",
		"MODP_2048": "modp2048", "MODP_3072": "modp3072", "MODP_4096": "modp4096", "MODP_6144": "modp6144",
		"MODP_8192": "modp8192", "ECP_224": "ecp224", "ECP_256": "ecp256", "ECP_384": "ecp384", "ECP_521": "ecp521",
		"BP_224": "ecp224bp", "BP_256": "ecp256bp", "BP_384": "ecp384bp", "BP_512": "ecp512bp"}
	fixedCiphers = map[string]string{"3DES_CBC": "3des", "3DES": "3des", "NULL": "null", "CAST_CBC": "cast128", "CAST": "cast128"}
	sizedCiphers = map[string]string{"AES_CBC": "aes%", "AES": "aes%", "AES_CTR": "aes%ctr", "AES_GCM_16": "aes%gcm16",
		"AES_GMAC": "aes%gmac", "BLOWFISH_CBC": "blowfish%", "BLOWFISH": "blowfish%"}
)

// ciphers returns charon's names for a cipher and a KEY_LENGTH "256,256:256": the preferred length first,
// then the others of the range that AES has.
func ciphers(name, keyLength string) []string {
	if fixed := fixedCiphers[name]; fixed != "" {
		return []string{fixed}
	}
	pattern := sizedCiphers[name]
	if pattern == "" {
		return nil
	}
	preferred, low, high := 128, 128, 128
	parts := strings.FieldsFunc(keyLength, func(r rune) bool { return r == ',' || r == ':' })
	if len(parts) > 0 {
		preferred, _ = strconv.Atoi(parts[0])
		low, high = preferred, preferred
	}
	if len(parts) == 3 {
		low, _ = strconv.Atoi(parts[1])
		high, _ = strconv.Atoi(parts[2])
	}
	out := []string{strings.Replace(pattern, "%", strconv.Itoa(preferred), 1)}
	for _, size := range []int{128, 192, 256} {
		if size != preferred && size >= low && size <= high {
			out = append(out, strings.Replace(pattern, "%", strconv.Itoa(size), 1))
		}
	}
	return out
}

// phase1Proposals translates the transforms of a phase 1 configuration.
func (m *Model) phase1Proposals(config string) []string {
	var out []string
	for _, transform := range m.List(config, "Transforms") {
		hash, group := hashes[m.Get(transform, "HASH_ALGORITHM")], groups[m.Get(transform, "GROUP_DESCRIPTION")]
		if hash == "" || group == "" {
			continue
		}
		for _, cipher := range ciphers(m.Get(transform, "ENCRYPTION_ALGORITHM"), m.Get(transform, "KEY_LENGTH")) {
			out = append(out, cipher+"-"+hash+"-"+group)
		}
	}
	return out
}

// phase2Transforms lists the transforms of a connection's suites.
func (m *Model) phase2Transforms(connection string) []string {
	var out []string
	for _, suite := range m.List(m.Get(connection, "Configuration"), "Suites") {
		for _, protocol := range m.List(suite, "Protocols") {
			out = append(out, m.List(protocol, "Transforms")...)
		}
	}
	return out
}

func (m *Model) phase2Proposals(connection string) []string {
	var out []string
	for _, transform := range m.phase2Transforms(connection) {
		suffix := ""
		if auth := m.Get(transform, "AUTHENTICATION_ALGORITHM"); auth != "" {
			name := hashes[strings.TrimPrefix(auth, "HMAC_")]
			if name == "" {
				continue
			}
			suffix += "-" + name
		}
		if group := m.Get(transform, "GROUP_DESCRIPTION"); group != "" {
			suffix += "-" + groups[group]
		}
		for _, cipher := range ciphers(m.Get(transform, "TRANSFORM_ID"), m.Get(transform, "KEY_LENGTH")) {
			out = append(out, cipher+suffix)
		}
	}
	return out
}

// Defaults of isakmpd.conf(5): LIFE_MAIN_MODE and LIFE_QUICK_MODE.
const (
	defaultMainLife  = 3600
	defaultQuickLife = 1200
)

// lifetime returns the seconds of a transform's Life.
func (m *Model) lifetime(transform string, fallback int) int {
	text := m.Get(m.Get(transform, "Life"), "LIFE_DURATION")
	seconds, err := strconv.Atoi(strings.SplitN(text, ",", 2)[0])
	if err != nil {
		return fallback
	}
	return seconds
}
