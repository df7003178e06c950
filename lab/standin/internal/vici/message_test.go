package vici

import (
	"reflect"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	in := New().Set("version", "1").Set("proposals", []string{"aes256-sha256-modp2048", "default"}).
		Set("children", New().Set("net", New().Set("mode", "tunnel")))
	out, err := decode(in.encode(nil))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(in, out) {
		t.Errorf("got %v, want %v", out, in)
	}
}

// The example of strongSwan's protocol description, byte by byte.
func TestKnownBytes(t *testing.T) {
	message := New().Set("key1", "value1").Set("section1", New().Set("sub-section", New().Set("key2", "value2")).
		Set("list1", []string{"item1", "item2"}))
	want := []byte{3, 4, 'k', 'e', 'y', '1', 0, 6, 'v', 'a', 'l', 'u', 'e', '1',
		1, 8, 's', 'e', 'c', 't', 'i', 'o', 'n', '1',
		1, 11, 's', 'u', 'b', '-', 's', 'e', 'c', 't', 'i', 'o', 'n',
		3, 4, 'k', 'e', 'y', '2', 0, 6, 'v', 'a', 'l', 'u', 'e', '2', 2,
		4, 5, 'l', 'i', 's', 't', '1', 5, 0, 5, 'i', 't', 'e', 'm', '1', 5, 0, 5, 'i', 't', 'e', 'm', '2', 6, 2}
	if got := message.encode(nil); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestMalformed(t *testing.T) {
	for _, data := range [][]byte{{3, 4, 'k'}, {9}, {1, 1, 'a'}, {4, 1, 'l', 5, 0, 9, 'x'}} {
		if _, err := decode(data); err == nil {
			t.Errorf("%v: no error", data)
		}
	}
}
