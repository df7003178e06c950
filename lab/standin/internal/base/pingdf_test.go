package base

import (
	"net"
	"testing"
	"time"
)

func TestPingWithoutFragments(t *testing.T) {
	p, host := dfPingOf([]string{"-D", "-nq", "-c", "2", "-w1", "-I", "10.10.0.2", "-s", "1362", "10.20.1.100"})
	if p == nil || host != "10.20.1.100" {
		t.Fatal("-D is not heeded")
	}
	if p.count != 2 || p.size != 1362 || p.wait != time.Second || p.source.String() != "10.10.0.2" {
		t.Errorf("%+v", p)
	}
	if q, _ := dfPingOf([]string{"-n", "-c", "1", "10.20.1.100"}); q != nil {
		t.Error("without -D it is busybox's to ping")
	}
}

func TestReplyIsTheOneAskedFor(t *testing.T) {
	p := dfPing{size: 3}
	packet := append(make([]byte, 20), p.request(7)...)
	packet[0] = 0x45
	copy(packet[12:], net.ParseIP("10.20.1.100").To4())
	packet[20] = 0
	id := uint16(packet[24])<<8 | uint16(packet[25])
	if !isReply(packet, net.ParseIP("10.20.1.100"), id, 7) {
		t.Error("the reply is not known")
	}
	if isReply(packet, net.ParseIP("10.20.1.101"), id, 7) || isReply(packet, net.ParseIP("10.20.1.100"), id, 8) {
		t.Error("another's reply is taken for it")
	}
	if sum := checksum(p.request(7)); sum != 0 {
		t.Errorf("a packet with its checksum sums up to %#x", sum)
	}
}
