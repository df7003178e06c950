package flow

import "testing"

func TestSlicesGrowFromTheirSmallestSize(t *testing.T) {
	slices, err := ParseTemplate("/ 1G-2G 95%\nswap 512M\n/home 1G-*\n")
	if err == nil {
		slices, err = Allocate(slices, 20<<30)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{2 << 30, 512 << 20, (20 << 30) - (2 << 30) - (512 << 20)} {
		if slices[i].Size != want {
			t.Errorf("%s has %d, want %d", slices[i].Mount, slices[i].Size, want)
		}
	}
}

func TestWhatIsNoTemplate(t *testing.T) {
	for _, text := range []string{"", " / 1G", "/", "/ 1G 5% x", "usr 1G", "/ 1X", "/ 2G-1G", "/ 1G 101%", "# note\n/ 1G"} {
		if slices, err := ParseTemplate(text); err == nil {
			t.Errorf("%q: %v", text, slices)
		}
	}
}
