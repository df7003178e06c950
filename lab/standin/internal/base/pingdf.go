package base

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"standin/internal/run"
)

// dfPing is what `ping -D` asks for: busybox's ping cannot set the bit.
type dfPing struct {
	source, target net.IP
	count, size    int
	wait           time.Duration
}

const icmpHeader = 8

func (p dfPing) run(host string) int {
	fd, err := p.socket()
	if err != nil {
		return run.Errorf("ping", "%v", err)
	}
	defer syscall.Close(fd)
	from := ""
	if p.source != nil {
		from = " from " + p.source.String()
	}
	fmt.Printf("PING %s (%s)%s: %d data bytes\n", host, p.target, from, p.size)
	received := 0
	for seq := 0; seq < p.count; seq++ {
		var to syscall.SockaddrInet4
		copy(to.Addr[:], p.target.To4())
		if err := syscall.Sendto(fd, p.request(seq), 0, &to); err != nil {
			reason := err.Error()
			if errors.Is(err, syscall.EMSGSIZE) {
				reason = "Message too long"
			}
			fmt.Fprintf(os.Stderr, "ping: sendmsg: %s\n", reason)
			fmt.Printf("ping: wrote %s %d chars, ret=-1\n", host, p.size+icmpHeader)
			continue
		}
		if p.answered(fd, seq) {
			received++
		}
	}
	fmt.Printf("\n--- %s ping statistics ---\n", host)
	loss := 100 * float64(p.count-received) / float64(p.count)
	fmt.Printf("%d packets transmitted, %d packets received, %.1f%% packet loss\n", p.count, received, loss)
	if received == 0 {
		return 1
	}
	return 0
}

// socket sends with DF, and waits no longer than it should.
func (p dfPing) socket() (int, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_ICMP)
	if err != nil {
		return 0, err
	}
	const always = 2 // IP_PMTUDISC_DO
	err = syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, syscall.IP_MTU_DISCOVER, always)
	if err == nil && p.source != nil {
		var own syscall.SockaddrInet4
		copy(own.Addr[:], p.source.To4())
		err = syscall.Bind(fd, &own)
	}
	if err != nil {
		syscall.Close(fd)
		return 0, err
	}
	return fd, nil
}

func (p dfPing) request(seq int) []byte {
	packet := make([]byte, icmpHeader+p.size)
	packet[0] = 8
	binary.BigEndian.PutUint16(packet[4:], uint16(os.Getpid()))
	binary.BigEndian.PutUint16(packet[6:], uint16(seq))
	binary.BigEndian.PutUint16(packet[2:], checksum(packet))
	return packet
}

// answered passes over what is not the reply: every raw socket hears everybody's.
func (p dfPing) answered(fd, seq int) bool {
	buffer := make([]byte, 65536)
	until := time.Now().Add(p.wait)
	for {
		left := time.Until(until)
		if left <= 0 {
			return false
		}
		timeout := syscall.NsecToTimeval(left.Nanoseconds())
		if err := syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &timeout); err != nil {
			return false
		}
		n, _, err := syscall.Recvfrom(fd, buffer, 0)
		if err != nil {
			continue
		}
		if isReply(buffer[:n], p.target, uint16(os.Getpid()), uint16(seq)) {
			return true
		}
	}
}

func isReply(packet []byte, from net.IP, id, seq uint16) bool {
	if len(packet) < 20 {
		return false
	}
	header := int(packet[0]&15) * 4
	if len(packet) < header+icmpHeader || !net.IP(packet[12:16]).Equal(from) {
		return false
	}
	body := packet[header:]
	return body[0] == 0 && binary.BigEndian.Uint16(body[4:]) == id && binary.BigEndian.Uint16(body[6:]) == seq
}

func checksum(packet []byte) uint16 {
	sum := uint32(0)
	for i := 0; i+1 < len(packet); i += 2 {
		sum += uint32(packet[i])<<8 | uint32(packet[i+1])
	}
	if len(packet)%2 == 1 {
		sum += uint32(packet[len(packet)-1]) << 8
	}
	for sum>>16 != 0 {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// dfPingOf reads ping(8)'s options; nil without -D, and for what is not an IPv4 address.
func dfPingOf(args []string) (*dfPing, string) {
	p := dfPing{count: 1, size: 56, wait: 10 * time.Second}
	df, host := false, ""
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if len(arg) < 2 || arg[0] != '-' {
			host = arg
			continue
		}
		for j := 1; j < len(arg); j++ {
			switch arg[j] {
			case 'D':
				df = true
				continue
			case 'n', 'q', 'v', 'd', 'E', 'L', 'R', 'r':
				continue
			}
			value := arg[j+1:]
			if value == "" && i+1 < len(args) {
				i++
				value = args[i]
			}
			number, _ := strconv.Atoi(value)
			switch arg[j] {
			case 'c':
				if number > 0 {
					p.count = number
				}
			case 's':
				p.size = number
			case 'w':
				p.wait = time.Duration(number) * time.Second
			case 'I':
				p.source = net.ParseIP(value)
			}
			break
		}
	}
	p.target = net.ParseIP(host)
	if !df || p.target.To4() == nil {
		return nil, ""
	}
	return &p, host
}
