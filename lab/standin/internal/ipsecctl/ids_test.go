package ipsecctl

import (
	"testing"

	"standin/internal/xfrm"
)

func TestAFlowToAnyAddressHasTheIdentitiesOfItsTunnel(t *testing.T) {
	road, west := xfrm.IDs{Src: "gw", Dst: "road"}, xfrm.IDs{Src: "gw", Dst: "west"}
	k := known{entries: []entry{{"10.20.1.0/24", "10.10.0.0/24", "198.51.100.11", west}, {"10.20.2.0/24", "10.10.0.0/24", "", road}}}
	flow := xfrm.Flow{Dir: "out", Src: "10.10.0.0/24", Dst: "10.20.2.0/24", TunnelDst: "203.0.113.77"}
	if got := k.flow(flow); got != road {
		t.Errorf("%+v", got)
	}
}

func TestAFlowBehindNATHasTheIdentitiesOfItsTunnel(t *testing.T) {
	ids := xfrm.IDs{Src: "gw", Dst: "west"}
	k := known{entries: []entry{{"10.20.1.0/24", behind("10.99.0.1/32", "10.10.0.0/24"), "198.51.100.11", ids}}}
	flow := xfrm.Flow{Dir: "out", Src: "10.10.0.0/24", Dst: "10.20.1.0/24", TunnelDst: "198.51.100.11"}
	if got := k.flow(flow); got != ids {
		t.Errorf("%+v", got)
	}
	if behind("10.10.0.0/24", "") != "10.10.0.0/24" {
		t.Error("a network that is not translated is itself")
	}
}
