// Package syslog is the stand-in's logging: the client side of /dev/log, logger(1) and a small
// syslogd(8) that writes the files of OpenBSD's default syslog.conf.
//
// It does not do: other hosts, klog, memory buffers, newsyslog's compression.
package syslog

import (
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// Facilities and levels as numbers of RFC 3164.
var facilities = map[string]int{"kern": 0, "user": 1, "mail": 2, "daemon": 3, "auth": 4, "syslog": 5,
	"lpr": 6, "news": 7, "uucp": 8, "cron": 9, "authpriv": 10, "ftp": 11, "local0": 16, "local1": 17,
	"local2": 18, "local3": 19, "local4": 20, "local5": 21, "local6": 22, "local7": 23}

var levels = map[string]int{"emerg": 0, "panic": 0, "alert": 1, "crit": 2, "err": 3, "error": 3,
	"warning": 4, "warn": 4, "notice": 5, "info": 6, "debug": 7}

const (
	facilityUser     = 1
	facilityDaemon   = 3
	facilityAuth     = 4
	facilityCron     = 9
	facilityAuthpriv = 10
	levelNotice      = 5
	levelInfo        = 6
)

// Socket is where syslogd listens.
const Socket = "/dev/log"

// Daemon sends one line of facility daemon; nobody listening is no error for the caller.
func Daemon(level, tag, message string) {
	send(facilityDaemon, levels[level], fmt.Sprintf("%s[%d]", tag, os.Getpid()), message)
}

func send(facility, level int, tag, message string) {
	conn, err := net.Dial("unixgram", Socket)
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Fprintf(conn, "<%d>%s %s: %s", facility*8+level, time.Now().Format(time.Stamp), tag, message)
}

// priority reads "daemon.info" or "info".
func priority(text string) (facility, level int, ok bool) {
	facility, name := facilityUser, text
	if dot := strings.IndexByte(text, '.'); dot >= 0 {
		if facility, ok = facilities[text[:dot]]; !ok {
			return 0, 0, false
		}
		name = text[dot+1:]
	}
	level, ok = levels[name]
	return facility, level, ok
}
