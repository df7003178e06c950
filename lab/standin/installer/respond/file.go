// Package respond reads response files of autoinstall(8) and finds the answer to a question.
package respond

import "strings"

// File is what is left of a response file: a line that gave its answer is gone.
type File struct{ lines []line }

type line struct{ key, answer string }

// Parse takes the text of a response file. Comments, blank lines, and lines without a `=` or without an
// answer are skipped; the first `=` divides, so that an answer may hold more of them.
func Parse(text string) *File {
	file := &File{}
	for _, raw := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimLeft(raw, blanks), "#") {
			continue
		}
		key, answer, found := strings.Cut(raw, "=")
		key, answer = strings.Trim(key, blanks), strings.Trim(answer, blanks)
		if found && key != "" && answer != "" {
			file.lines = append(file.lines, line{key, answer})
		}
	}
	return file
}

const blanks = " \t\r"

// Answer gives the answer of the first line that fits the question, and uses the line up.
func (f *File) Answer(question string) (string, bool) {
	for i, l := range f.lines {
		if fits(question, l.key) {
			f.lines = append(f.lines[:i:i], f.lines[i+1:]...)
			return l.answer, true
		}
	}
	return "", false
}

// Left gives the keys that no question has used.
func (f *File) Left() []string {
	var keys []string
	for _, l := range f.lines {
		keys = append(keys, l.key)
	}
	return keys
}

// fits: the key stands in the question as whole words, in any case. It begins where the question does or
// after a blank, and ends where the question does or before a blank or a question mark. A comma is none
// of these.
func fits(question, key string) bool {
	question, key = strings.ToLower(question), strings.ToLower(key)
	for from := 0; ; {
		at := strings.Index(question[from:], key)
		if at < 0 {
			return false
		}
		start := from + at
		end := start + len(key)
		begins := start == 0 || strings.IndexByte(" \t", question[start-1]) >= 0
		ends := end == len(question) || strings.IndexByte(" \t?", question[end]) >= 0
		if begins && ends {
			return true
		}
		from = start + 1
	}
}
