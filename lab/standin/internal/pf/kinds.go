package pf

// kind is one of the three kinds of interface that states tell apart.
type kind struct {
	match string
	// made is the bit of a state that a packet makes at this point, answered of one whose replies pass here.
	made, answered int
}

// What has left a tunnel still bears its SA. On a sec(4) interface nothing else arrives, and what goes out there
// has not got its SA yet.
const (
	clearIn, clearOut = "meta ipsec missing", "rt ipsec missing"
	encIn, encOut     = `meta ipsec exists iifname != "sec*"`, "rt ipsec exists"
)

func kinds(at point) []kind {
	if at == "out" {
		return []kind{
			{clearOut + ` oifname != "sec*"`, stateOutReal, stateInReal},
			{encOut, stateOutEnc, stateInEnc},
			{clearOut + ` oifname "sec*"`, stateOutSec, stateInSec},
		}
	}
	return []kind{
		{clearIn, stateInReal, stateOutReal},
		{encIn, stateInEnc, stateOutEnc},
		{`iifname "sec*"`, stateInSec, stateOutSec},
	}
}
