package isakmpd

import "testing"

func TestAnInterfaceHasItsOwnSAs(t *testing.T) {
	m := loaded(t, "ike interface sec0 local 10.10.0.2 peer 198.51.100.11 quick group none psk x\n"+
		"ike from 10.10.0.0/24 to 10.20.2.0/24 local 10.10.0.2 peer 198.51.100.12 psk x\n")
	for i, want := range []struct{ name, id, selector string }{
		{"from-sec0-to-sec0", "1", "0.0.0.0/0"}, {"from-10.10.0.0/24-to-10.20.2.0/24", "", "10.10.0.0/24"},
	} {
		child := m.peers()[i].conn.Section("children").Section(want.name)
		if child.String("if_id_in") != want.id || child.String("if_id_out") != want.id || child.List("local_ts")[0] != want.selector {
			t.Errorf("%s: %v", want.name, child)
		}
	}
}
