package xfrm

import (
	"encoding/json"
	"os"
	"strconv"

	"standin/internal/run"
)

// innerPriority tells the policies of Inner from those of the daemons. innerMask, a bit that no packet's
// mark has, makes them other policies than a daemon's of the same networks: the flow of a tunnel that was
// not translated before goes away after ours has come, and would take it along. guardPriority is behind
// those of all daemons.
const (
	innerPriority = "1000"
	guardPriority = "1000000"
	innerMask     = "0x80000000"
)

// Inner is a flow of untranslated packets. In OpenBSD a flow holds for the packet before pf's nat-to, and
// enc0 is where it is translated. Linux looks for a policy before the translation and once more after
// it; the daemons make the second one only. A daemon makes it after its SAs and removes it before them, and
// meanwhile the first policy would let a packet through that the second look leaves in clear. OpenBSD has one
// flow and so no such moment: a guard blocks what is translated and has no policy of a daemon.
type Inner struct {
	Src, Dst, TunnelSrc, TunnelDst string
	// Shown is what the peer sees in place of Src; the kernel's policy does not hold it.
	Shown string
	ReqID int
}

const innerFile = "/var/run/pf.translated"

// SetInner makes these the only flows of their kind.
func SetInner(wanted []Inner) error {
	for _, priority := range []string{innerPriority, guardPriority} {
		if _, err := run.Host("ip", "xfrm", "policy", "deleteall", "dir", "out", "priority", priority); err != nil {
			return err
		}
	}
	data, err := json.Marshal(wanted)
	if err != nil {
		return err
	}
	if err := os.WriteFile(innerFile, data, 0o600); err != nil {
		return err
	}
	for _, one := range wanted {
		for _, policy := range [][]string{one.guard(), one.policy()} {
			if _, err := run.Host("ip", append([]string{"xfrm", "policy", "update"}, policy...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (one Inner) guard() []string {
	return []string{"src", one.Shown, "dst", one.Dst, "dir", "out",
		"mark", "0", "mask", innerMask, "action", "block", "priority", guardPriority}
}

func (one Inner) policy() []string {
	return []string{"src", one.Src, "dst", one.Dst, "dir", "out",
		"mark", "0", "mask", innerMask, "priority", innerPriority, "tmpl", "src", one.TunnelSrc, "dst", one.TunnelDst,
		"proto", "esp", "reqid", strconv.Itoa(one.ReqID), "mode", "tunnel"}
}

func inners() []Inner {
	data, err := os.ReadFile(innerFile)
	if err != nil {
		return nil
	}
	var all []Inner
	if json.Unmarshal(data, &all) != nil {
		return nil
	}
	return all
}

// untranslated shows a tunnel's flows as OpenBSD does, with our network before its translation.
func untranslated(flows []Flow, wanted []Inner) []Flow {
	made := func(src, dst, peer string) bool {
		for _, flow := range flows {
			if flow.inner && flow.Src == src && flow.Dst == dst && flow.TunnelDst == peer {
				return true
			}
		}
		return false
	}
	var out []Flow
	for _, flow := range flows {
		if flow.inner {
			continue
		}
		out = append(out, asBefore(flow, wanted, made))
	}
	return out
}

func asBefore(flow Flow, wanted []Inner, made func(src, dst, peer string) bool) Flow {
	for _, one := range wanted {
		switch {
		case !made(one.Src, one.Dst, one.TunnelDst):
		case flow.Dir == "out" && flow.Src == one.Shown && flow.Dst == one.Dst && flow.TunnelDst == one.TunnelDst:
			flow.Src = one.Src
			return flow
		case flow.Dir == "in" && flow.Dst == one.Shown && flow.Src == one.Dst && flow.TunnelSrc == one.TunnelDst:
			flow.Dst = one.Src
			return flow
		}
	}
	return flow
}
