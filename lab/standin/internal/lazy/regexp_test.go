package lazy

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestNoPatternOfAPackageIsCompiledAtTheStart(t *testing.T) {
	atStart := regexp.MustCompile(`(?m)^(?:var |\t)\w+\s*= regexp\.MustCompile\(`)
	if !atStart.MatchString("var (\n\tform = regexp.MustCompile(`x`)\n)") {
		t.Fatal("the search finds nothing")
	}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if found := atStart.Find(text); found != nil {
			t.Errorf("%s: %s: write lazy.Regexp", path, strings.TrimSpace(string(found)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
