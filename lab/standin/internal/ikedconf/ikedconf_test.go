package ikedconf

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPolicies(t *testing.T) {
	dir := t.TempDir()
	west := filepath.Join(dir, "west.conf")
	os.WriteFile(west, []byte(`# header
ikev2 "west" active esp \
	from 10.10.0.0/24 to 10.20.1.0/24 \
	from 10.10.0.5 to any \
	local 10.10.0.2 peer $peer \
	ikesa enc aes-256 auth hmac-sha2-256 group ecp256 \
	srcid "gw.example.net" dstid "west.example.net" psk "from to tag" tag "vpn-$name-$domain"
`), 0o600)
	main := filepath.Join(dir, "iked.conf")
	os.WriteFile(main, []byte("set dpd_check_interval 5\npeer = \"198.51.100.11\"\ninclude \""+west+"\"\nikev2 from 10.0.0.0/8 to 10.9.0.0/16 peer any\n"), 0o600)
	got := Read(main)
	if len(got) != 2 {
		t.Fatalf("%d policies", len(got))
	}
	p := got[0]
	if p.Name != "west" || p.Peer != "198.51.100.11" || p.SrcID != "gw.example.net" || p.DstID != "west.example.net" || p.Tag != "vpn-west-example.net" {
		t.Errorf("%+v", p)
	}
	if len(p.Pairs) != 2 || p.Pairs[1].Local.String() != "10.10.0.5/32" || p.Pairs[1].Remote.String() != "0.0.0.0/0" {
		t.Errorf("%+v", p.Pairs)
	}
	if got[1].Tag != "" || len(got[1].Pairs) != 1 {
		t.Errorf("%+v", got[1])
	}
}

// The portable iked on Linux adds a flow for forwarded packets, and prints null as the C library does.
func TestIkectlOutput(t *testing.T) {
	in := `iked_sas: 0x55fd rspi 0x6fa8 ispi 0x5426 10.10.0.2:4500->198.51.100.11:4500<FQDN/west.example.net>[] ESTABLISHED i natt udpecap nexti (nil) pol 0x55fd
  sa_flows: 0x1 ESP out 10.20.1.0/24 -> 10.10.0.0/24 [0]@-1 (L) @0x5
  sa_flows: 0x2 ESP out 10.10.0.0/24 -> 10.20.1.0/24 [0]@-1 (L) @0x5
  sa_flows: 0x3 ESP in 10.20.1.0/24 -> 10.10.0.0/24 [0]@-1 (L) @0x5
`
	want := `iked_sas: 0x55fd rspi 0x6fa8 ispi 0x5426 10.10.0.2:4500->198.51.100.11:4500<FQDN/west.example.net>[] ESTABLISHED i natt udpencap nexti 0x0 pol 0x55fd
  sa_flows: 0x2 ESP out 10.10.0.0/24 -> 10.20.1.0/24 [0]@-1 (L) @0x5
  sa_flows: 0x3 ESP in 10.20.1.0/24 -> 10.10.0.0/24 [0]@-1 (L) @0x5
`
	if got := native(in); got != want {
		t.Errorf("got\n%s", got)
	}
}
