package rc

import (
	"reflect"
	"regexp"
	"testing"
)

func TestParseConf(t *testing.T) {
	conf := map[string]string{}
	parseConf([]string{"iked_flags=", "isakmpd_flags = \"-K -v\"  # why", "ipsec=YES", "PATH=/evil", "#sshd_flags=NO", "garbage",
		"pkg_scripts=a b", "  pf=NO"}, conf)
	want := map[string]string{"iked_flags": "", "isakmpd_flags": "-K -v", "ipsec": "YES", "pkg_scripts": "a b", "pf": "NO"}
	if !reflect.DeepEqual(conf, want) {
		t.Errorf("got %q", conf)
	}
}

// What rcctl leaves in rc.conf.local, step by step.
func TestChanges(t *testing.T) {
	var lines []string
	for _, step := range []struct {
		name, variable, value string
		want                  []string
		problem               string
	}{
		{"isakmpd", "flags", "-K", nil, "isakmpd is not enabled"},
		{"isakmpd", "status", "on", []string{"isakmpd_flags="}, ""},
		{"isakmpd", "flags", "-K", []string{"isakmpd_flags=-K"}, ""},
		{"isakmpd", "status", "on", []string{"isakmpd_flags=-K"}, ""},
		{"ipsec", "status", "on", []string{"ipsec=YES", "isakmpd_flags=-K"}, ""},
		{"sshd", "status", "off", []string{"ipsec=YES", "isakmpd_flags=-K", "sshd_flags=NO"}, ""},
		{"sshd", "status", "on", []string{"ipsec=YES", "isakmpd_flags=-K"}, ""},
		{"pf", "status", "off", []string{"ipsec=YES", "isakmpd_flags=-K", "pf=NO"}, ""},
		{"pf", "status", "on", []string{"ipsec=YES", "isakmpd_flags=-K"}, ""},
		{"isakmpd", "flags", "", []string{"ipsec=YES", "isakmpd_flags="}, ""},
		{"isakmpd", "flags", "NO", nil, `"flags NO" contradicts "set"`},
		{"ipsec", "flags", "x", nil, `"ipsec" is a special variable, cannot "set flags"`},
		{"isakmpd", "status", "off", []string{"ipsec=YES"}, ""},
		{"ipsec", "status", "off", nil, ""},
		{"iked", "status", "maybe", nil, `invalid status "maybe"`},
	} {
		conf := defaults()
		parseConf(lines, conf)
		line, drop, problem := plan(conf, defaults(), step.name, step.variable, step.value)
		if problem != step.problem {
			t.Fatalf("%v: %q", step, problem)
		}
		if problem != "" {
			continue
		}
		if lines = edited(lines, regexp.MustCompile(drop), line); !reflect.DeepEqual(lines, step.want) {
			t.Fatalf("%v: %q", step, lines)
		}
	}
}

func TestForeignLinesStay(t *testing.T) {
	got := edited([]string{"# mine", "iked_flags=-v", "iked_timeout=60", "# mine"}, regexp.MustCompile("^iked_flags.*="), "iked_flags=")
	if want := []string{"# mine", "iked_flags=", "iked_timeout=60"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}
