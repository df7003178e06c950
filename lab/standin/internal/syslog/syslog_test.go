package syslog

import (
	"reflect"
	"testing"
	"time"
)

func TestWhereMessagesGo(t *testing.T) {
	for _, c := range []struct {
		priority string
		want     []string
	}{
		{"daemon.info", []string{"/var/log/daemon"}},
		{"daemon.debug", nil},
		{"daemon.warning", []string{"/var/log/daemon", "/var/log/messages"}},
		{"auth.info", []string{"/var/log/authlog"}},
		{"user.info", []string{"/var/log/messages"}},
		{"local0.info", nil},
		{"local0.notice", []string{"/var/log/messages"}},
	} {
		facility, level, ok := priority(c.priority)
		if got := files(facility, level); !ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v %q", c.priority, ok, got)
		}
	}
	if _, _, ok := priority("daemon.nonsense"); ok {
		t.Error("a level that does not exist is accepted")
	}
}

func TestLines(t *testing.T) {
	facility, level, text := parse("<30>Nov 23 21:04:05 ikev2[459]: established")
	if facility != facilityDaemon || level != levelInfo || text != "iked[459]: established" {
		t.Errorf("%d %d %q", facility, level, text)
	}
	if _, _, text := parse("<30>Nov  3 21:04:05 isakmpd[1]: parent[2]: x"); text != "isakmpd[1]: parent[2]: x" {
		t.Errorf("%q", text)
	}
	at := time.Date(2026, 11, 3, 1, 2, 3, 0, time.UTC)
	if got := format("iked[1]: up", "gw", at); got != "Nov  3 01:02:03 gw iked[1]: up" {
		t.Errorf("%q", got)
	}
}
