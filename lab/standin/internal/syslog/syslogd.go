package syslog

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"standin/internal/lazy"
	"standin/internal/run"
)

// rotateAt is the size at which a log file becomes FILE.0; one old file is kept.
const rotateAt = 1 << 20

// Syslogd is syslogd(8); its options are ignored.
func Syslogd([]string) int {
	if parent, err := run.Detach(); err != nil {
		return run.Errorf("syslogd", "%v", err)
	} else if parent {
		return 0
	}
	os.Remove(Socket)
	conn, err := net.ListenPacket("unixgram", Socket)
	if err != nil {
		return run.Errorf("syslogd", "%v", err)
	}
	os.Chmod(Socket, 0o666)
	for _, path := range []string{"/var/log/messages", "/var/log/daemon", "/var/log/authlog"} {
		appendTo(path, "")
	}
	buffer := make([]byte, 8192)
	for {
		n, _, err := conn.ReadFrom(buffer)
		if err != nil {
			return run.Errorf("syslogd", "%v", err)
		}
		facility, level, text := parse(string(buffer[:n]))
		host, _ := os.Hostname()
		line := format(text, strings.SplitN(host, ".", 2)[0], time.Now())
		for _, path := range files(facility, level) {
			appendTo(path, line+"\n")
		}
	}
}

// files says where OpenBSD's default syslog.conf puts a message.
func files(facility, level int) []string {
	var paths []string
	switch {
	case facility == facilityDaemon && level <= levelInfo:
		paths = append(paths, "/var/log/daemon")
	case (facility == facilityAuth || facility == facilityAuthpriv) && level <= levelInfo:
		paths = append(paths, "/var/log/authlog")
	case facility == facilityCron && level <= levelInfo:
		paths = append(paths, "/var/cron/log")
	}
	private := facility == facilityAuthpriv || facility == facilityCron || facility == facilityAuth
	if level <= levelNotice && !private || facility <= facilityUser && level <= levelInfo {
		paths = append(paths, "/var/log/messages")
	}
	return paths
}

// The portable iked logs under the names of its processes; OpenBSD's always is "iked".
var ikedProcess = lazy.Regexp(`^(ikev2|control|ca|parent)(\[\d+\]: )`)

var stamped = lazy.Regexp(`^(?s)[A-Z][a-z]{2} [ 0-9][0-9] \d\d:\d\d:\d\d (.*)$`)

func parse(packet string) (facility, level int, text string) {
	facility, level, text = facilityUser, levelNotice, packet
	if end := strings.IndexByte(packet, '>'); strings.HasPrefix(packet, "<") && end > 0 {
		if number, err := strconv.Atoi(packet[1:end]); err == nil {
			facility, level, text = number/8, number%8, packet[end+1:]
		}
	}
	if m := stamped().FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	text = ikedProcess().ReplaceAllString(text, "iked$2")
	return facility, level, strings.TrimRight(text, "\n\x00")
}

func format(text, host string, now time.Time) string {
	return fmt.Sprintf("%s %s %s", now.Format(time.Stamp), host, strings.ReplaceAll(text, "\n", " "))
}

func appendTo(path, text string) {
	if info, err := os.Stat(path); err == nil && info.Size() > rotateAt {
		os.Rename(path, path+".0")
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return
	}
	defer file.Close()
	file.WriteString(text)
}
