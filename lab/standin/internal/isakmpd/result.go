package isakmpd

import (
	"fmt"
	"strconv"
	"strings"

	"standin/internal/vici"
)

// result is what S writes to isakmpd.result (sa.c): an empty line ends the block of each SA. The real one
// goes through a hash table, so that a child SA may come before the phase 1 that made it.
func result(m *Model, names []string, all []*vici.Section) string {
	var out strings.Builder
	for i, sa := range all {
		children := sa.Section("child-sas")
		for _, key := range children.Keys {
			if child := children.Section(key); child.String("spi-in") != "" {
				out.WriteString(phase2Block(m, sa, child) + "\n")
			}
		}
		switch sa.String("state") {
		case "ESTABLISHED", "REKEYING":
			out.WriteString(phase1Block(m, names[i], sa) + "\n")
		case "CONNECTING":
			out.WriteString(unfinishedBlock(sa) + "\n")
		}
	}
	return out.String()
}

func number(s *vici.Section, key string) int {
	n, _ := strconv.Atoi(s.String(key))
	return n
}

// timeouts prints the two remaining times; charon only counts down to the soft one of phase 1.
func timeouts(soft, hard int) string {
	return fmt.Sprintf("Soft timeout in %d seconds\nHard timeout in %d seconds\n", soft, hard)
}

func role(sa *vici.Section) string {
	if sa.String("initiator") == "yes" {
		return "Initiator"
	}
	return "Responder"
}

// cookies end the block of a phase 1 SA; the responder's is zero before its first answer.
func cookies(sa *vici.Section) string {
	return fmt.Sprintf("icookie %s rcookie %s\n", sa.String("initiator-spi"), sa.String("responder-spi"))
}

// unfinishedBlock is a phase 1 in the making: its name and its role are filled in when it is done, and as
// initiator it has no addresses before the first answer.
func unfinishedBlock(sa *vici.Section) string {
	ends := fmt.Sprintf("src: %s dst: %s", sa.String("local-host"), sa.String("remote-host"))
	if strings.Trim(sa.String("responder-spi"), "0") == "" {
		ends = "<no transport>"
	}
	return fmt.Sprintf("SA name: <unnamed> (Phase 1/Responder)\n%s\nFlags 0x00000000\n%s", ends, cookies(sa))
}

func phase1Block(m *Model, name string, sa *vici.Section) string {
	life := defaultMainLife
	if transforms := m.List(m.Get(name, "Configuration"), "Transforms"); len(transforms) > 0 {
		life = m.lifetime(transforms[0], defaultMainLife)
	}
	left := life - number(sa, "established")
	if left < 0 {
		left = 0
	}
	soft := left - life*(100-rekeyAt)/100
	if soft < 0 {
		soft = 0
	}
	return fmt.Sprintf("SA name: %s (Phase 1/%s)\nsrc: %s dst: %s\nLifetime: %d seconds\n%sFlags 0x00000083\n%s",
		name, role(sa), sa.String("local-host"), sa.String("remote-host"), life, timeouts(soft, left),
		cookies(sa))
}

var cipherNames = map[string]string{"AES_CBC": "AES (CBC)", "AES_CTR": "AES (CTR)", "AES_GCM_16": "AES (GCM)",
	"NULL_AES_GMAC": "AES (GMAC)", "3DES_CBC": "3DES", "CAST_CBC": "Cast-128", "BLOWFISH_CBC": "Blowfish"}

var macNames = map[string]string{"HMAC_MD5_96": "HMAC-MD5", "HMAC_SHA1_96": "HMAC-SHA1", "HMAC_SHA2_256_128": "HMAC-SHA2-256",
	"HMAC_SHA2_384_192": "HMAC-SHA2-384", "HMAC_SHA2_512_256": "HMAC-SHA2-512"}

var macBytes = map[string]int{"HMAC-MD5": 16, "HMAC-SHA1": 20, "HMAC-SHA2-256": 32, "HMAC-SHA2-384": 48, "HMAC-SHA2-512": 64}

func phase2Block(m *Model, sa, child *vici.Section) string {
	name := child.String("name")
	life := defaultQuickLife
	if transforms := m.phase2Transforms(name); len(transforms) > 0 {
		life = m.lifetime(transforms[0], defaultQuickLife)
	}
	cipher := cipherNames[child.String("encr-alg")]
	if cipher == "" {
		cipher = "unknown (" + child.String("encr-alg") + ")"
	}
	mac := macNames[child.String("integ-alg")]
	if mac == "" {
		mac = "none"
	}
	keyBytes := number(child, "encr-keysize") / 8
	if cipher == "3DES" {
		keyBytes = 24
	}
	var out strings.Builder
	fmt.Fprintf(&out, "SA name: %s (Phase 2)\nsrc: %s dst: %s\nLifetime: %d seconds\n%sFlags 0x00000003\n", name,
		sa.String("local-host"), sa.String("remote-host"), life, timeouts(number(child, "rekey-time"), number(child, "life-time")))
	// A blank follows each four bytes of an SPI.
	fmt.Fprintf(&out, "SPI 0: %s \nSPI 1: %s \nTransform: IPsec %s\n", child.String("spi-out"), child.String("spi-in"), child.String("protocol"))
	fmt.Fprintf(&out, "Encryption key length: %d\nAuthentication key length: %d\nEncryption algorithm: %s\nAuthentication algorithm: %s\n",
		keyBytes, macBytes[mac], cipher, mac)
	return out.String()
}
