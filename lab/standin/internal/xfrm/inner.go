package xfrm

import (
	"strconv"

	"standin/internal/run"
)

// innerPriority tells the policies of Inner from those of the daemons. innerMask, a bit that no packet's
// mark has, makes them other policies than a daemon's of the same networks: the flow of a tunnel that was
// not translated before goes away after ours has come, and would take it along.
const (
	innerPriority = "1000"
	innerMask     = "0x80000000"
)

// Inner is a flow of untranslated packets. In OpenBSD a flow holds for the packet before pf's nat-to, and
// enc0 is where it is translated. Linux looks for a policy before the translation and once more after
// it; the daemons make the second one only.
type Inner struct {
	Src, Dst, TunnelSrc, TunnelDst string
	ReqID                          int
}

// SetInner makes these the only flows of their kind.
func SetInner(wanted []Inner) error {
	if _, err := run.Host("ip", "xfrm", "policy", "deleteall", "dir", "out", "priority", innerPriority); err != nil {
		return err
	}
	for _, one := range wanted {
		args := []string{"xfrm", "policy", "update", "src", one.Src, "dst", one.Dst, "dir", "out",
			"mark", "0", "mask", innerMask, "priority", innerPriority, "tmpl", "src", one.TunnelSrc, "dst", one.TunnelDst,
			"proto", "esp", "reqid", strconv.Itoa(one.ReqID), "mode", "tunnel"}
		if _, err := run.Host("ip", args...); err != nil {
			return err
		}
	}
	return nil
}

// untranslated shows a tunnel's flows as OpenBSD does, with our network before its translation.
func untranslated(flows []Flow) []Flow {
	var out []Flow
	for _, flow := range flows {
		if flow.inner {
			continue
		}
		for _, inner := range flows {
			switch {
			case !inner.inner:
			case flow.Dir == "out" && flow.Dst == inner.Dst && flow.TunnelDst == inner.TunnelDst:
				flow.Src = inner.Src
			case flow.Dir == "in" && flow.Src == inner.Dst && flow.TunnelSrc == inner.TunnelDst:
				flow.Dst = inner.Src
			}
		}
		out = append(out, flow)
	}
	return out
}
