package rc

import "testing"

func TestReadScript(t *testing.T) {
	s := readScript([]string{"#!/bin/ksh", `daemon="/usr/local/sbin/x"`, `daemon_flags="watch"`, "",
		". /etc/rc.d/rc.subr", `pexp="/bin/ksh ${daemon} ${daemon_flags}"`, "rc_bg=YES", "rc_cmd $1"})
	if s.daemon != "/usr/local/sbin/x" || s.flags != "watch" || !s.background || s.pexp != "/bin/ksh /usr/local/sbin/x watch" {
		t.Errorf("%+v", s)
	}
}

func TestPlanAdded(t *testing.T) {
	for _, c := range [][4]string{
		{"", "x", "on", "pkg_scripts=x"},
		{"a x b", "x", "on", "pkg_scripts=a b x"},
		{"a x b", "x", "off", "pkg_scripts=a b"},
		{"x", "x", "off", ""},
	} {
		if line, _ := planAdded(map[string]string{"pkg_scripts": c[0]}, c[1], c[2]); line != c[3] {
			t.Errorf("%v: %q", c, line)
		}
	}
}
