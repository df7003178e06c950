// Package ask puts the installer's questions: to a response file, or to who sits at the console.
package ask

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"standin/installer/respond"
)

// Abort ends the installation; its text is the last line that the installer has to say.
type Abort struct{ Line string }

func (a Abort) Error() string { return a.Line }

// Asker asks one question after the other.
type Asker struct {
	Out io.Writer
	// Responses is nil when a person answers.
	Responses *respond.File
	In        *bufio.Reader
}

func (a *Asker) unattended() bool { return a.Responses != nil }

// Ask gives the answer, or the default for an empty one. Without a default an unattended question that has
// no line ends the installation; a person is asked again.
func (a *Asker) Ask(question, def string) (string, error) {
	shown := question
	if def != "" {
		shown += " [" + def + "]"
	}
	if a.unattended() {
		answer, err := a.respond(question, def)
		if err == nil {
			fmt.Fprintf(a.Out, "%s %s\n", shown, answer)
		}
		return answer, err
	}
	for {
		fmt.Fprintf(a.Out, "%s ", shown)
		text, err := a.In.ReadString('\n')
		if err != nil {
			return "", Abort{"the console was closed"}
		}
		if text = strings.TrimSpace(text); text == "" {
			text = def
		}
		if text != "" {
			return text, nil
		}
	}
}

func (a *Asker) respond(question, def string) (string, error) {
	if answer, found := a.Responses.Answer(question); found {
		return answer, nil
	}
	if def == "" {
		return "", Abort{fmt.Sprintf("Question has no answer in response file: %q", question)}
	}
	return def, nil
}

// Secret asks for a password: whatever is answered, it is not shown.
func (a *Asker) Secret(question string) (string, error) {
	if !a.unattended() {
		return a.Ask(question+" (shown as typed)", "")
	}
	answer, err := a.respond(question, "")
	if err == nil {
		fmt.Fprintf(a.Out, "%s <provided>\n", question)
	}
	return answer, err
}

// Until asks until check gives no complaint. An unattended installation ends with the complaint: the next
// answer would be the same.
func (a *Asker) Until(question, def string, check func(answer string) string) (string, error) {
	for {
		answer, err := a.Ask(question, def)
		if err != nil {
			return "", err
		}
		complaint := check(answer)
		if complaint == "" {
			return answer, nil
		}
		if a.unattended() {
			return "", Abort{complaint}
		}
		fmt.Fprintln(a.Out, complaint)
	}
}

// Choice takes one of the choices only.
func (a *Asker) Choice(question, def string, choices ...string) (string, error) {
	return a.Until(question, def, func(answer string) string {
		for _, choice := range choices {
			if strings.EqualFold(answer, choice) {
				return ""
			}
		}
		return invalid(answer)
	})
}

func invalid(answer string) string { return fmt.Sprintf("'%s' is not a valid choice.", answer) }

// YesNo takes yes, no, and their first letters.
func (a *Asker) YesNo(question string, def bool) (bool, error) {
	words := map[bool]string{true: "yes", false: "no"}
	answer, err := a.Choice(question, words[def], "yes", "y", "no", "n")
	return strings.HasPrefix(strings.ToLower(answer), "y"), err
}
