package ask

import (
	"bufio"
	"strings"
	"testing"

	"standin/installer/respond"
)

func unattended(responses string) (*Asker, *strings.Builder) {
	var out strings.Builder
	return &Asker{Out: &out, Responses: respond.Parse(responses)}, &out
}

func TestQuestionAndAnswerAreShown(t *testing.T) {
	a, out := unattended("System hostname = gw\n")
	a.Ask("System hostname? (short form, e.g. 'foo')", "")
	a.Ask("Terminal type?", "vt220")
	if want := "System hostname? (short form, e.g. 'foo') gw\nTerminal type? [vt220] vt220\n"; out.String() != want {
		t.Errorf("got %q", out.String())
	}
}

func TestAQuestionWithoutAnswerAndDefaultEndsIt(t *testing.T) {
	a, _ := unattended("")
	_, err := a.Ask("System hostname? (short form, e.g. 'foo')", "")
	const want = `Question has no answer in response file: "System hostname? (short form, e.g. 'foo')"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestAPasswordIsNotShown(t *testing.T) {
	a, out := unattended("Password for root account = geheim\n")
	if got, err := a.Secret("Password for root account?"); err != nil || got != "geheim" {
		t.Errorf("got %q, %v", got, err)
	}
	if strings.Contains(out.String(), "geheim") {
		t.Errorf("shown: %q", out.String())
	}
}

func TestAnAnswerThatIsNoChoiceEndsIt(t *testing.T) {
	a, _ := unattended("Which disk is the root disk = wd0\nStart sshd(8) by default = perhaps\n")
	_, err := a.Choice("Which disk is the root disk? ('?' for details)", "sd0", "sd0")
	if err == nil || err.Error() != "'wd0' is not a valid choice." {
		t.Errorf("got %v", err)
	}
	if _, err = a.YesNo("Start sshd(8) by default?", true); err == nil || err.Error() != "'perhaps' is not a valid choice." {
		t.Errorf("got %v", err)
	}
}

func TestAPersonIsAskedAgain(t *testing.T) {
	var out strings.Builder
	a := &Asker{Out: &out, In: bufio.NewReader(strings.NewReader("\nwd0\nsd0\n"))}
	if got, err := a.Choice("Which disk?", "", "sd0"); err != nil || got != "sd0" {
		t.Errorf("got %q, %v", got, err)
	}
	if !strings.Contains(out.String(), "'wd0' is not a valid choice.") {
		t.Errorf("said %q", out.String())
	}
}
