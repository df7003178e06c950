package respond

import "testing"

func TestAKeyFitsWholeWordsOnly(t *testing.T) {
	const disk = "Use (W)hole disk MBR, whole disk (G)PT or (E)dit?"
	for _, c := range []struct {
		question, key string
		want          bool
	}{
		{disk, "Use (W)hole disk", true},
		{disk, "Use (W)hole disk MBR", false}, // a comma follows
		{disk, "Use (W)hole disk MBR, whole disk (G)PT or (E)dit", true},
		{"Use (W)hole disk MBR, whole disk (G)PT, (O)penBSD area or (E)dit?", "Use (W)hole disk MBR, whole disk (G)PT or (E)dit", false},
		{"System hostname? (short form, e.g. 'foo')", "System hostname", true},
		{"System hostname? (short form, e.g. 'foo')", "hostname", true},
		{"System hostname? (short form, e.g. 'foo')", "host", false},
		{"System hostname? (short form, e.g. 'foo')", "name", false},
		{"SYSTEM HOSTNAME?", "system hostname", true},
		{"IPv6 address for vio0? (or 'autoconf' or 'none')", "address for vio0", true},
		{"IPv4 address for vio01?", "address for vio0", false},
		{"Which disk do you wish to initialize? (or 'done')", "Which disk", true},
		// The first place it stands at does not fit, a later one does.
		{"subdisk, disk?", "disk", true},
	} {
		if got := fits(c.question, c.key); got != c.want {
			t.Errorf("%q fits %q: %v, want %v", c.key, c.question, got, c.want)
		}
	}
}

func TestEveryLineAnswersOnce(t *testing.T) {
	f := Parse("Location of sets = cd0\nLocation of sets = done\n")
	const question = "Location of sets? (cd0 disk http nfs or 'done')"
	for _, want := range []string{"cd0", "done"} {
		if got, _ := f.Answer(question); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, found := f.Answer(question); found {
		t.Errorf("a third answer: %q", got)
	}
}

func TestTheFirstLineThatFitsWins(t *testing.T) {
	f := Parse("hostname = one\nSystem hostname = two\n")
	if got, _ := f.Answer("System hostname?"); got != "one" {
		t.Errorf("got %q", got)
	}
	if left := f.Left(); len(left) != 1 || left[0] != "System hostname" {
		t.Errorf("left: %q", left)
	}
}

func TestWhatIsNoLine(t *testing.T) {
	f := Parse("# hostname = a\n\n  # hostname = b\nhostname\nhostname =\nhostname = \t\n\tSystem hostname\t=  gw = 1 \r\n")
	if got, _ := f.Answer("System hostname?"); got != "gw = 1" {
		t.Errorf("got %q", got)
	}
	if left := f.Left(); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
}
