package xfrm

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"syscall"

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

// SetInner makes these the only flows of their kind. Several processes call it: one at a time, as a guard
// that the one has removed would be missing for a policy that the other has made.
func SetInner(wanted []Inner) error {
	lock, err := os.OpenFile(innerFile+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	made, dropped := innerChange(inners(), wanted)
	if _, err := run.HostInput(strings.NewReader(made), "ip", "-batch", "-"); err != nil {
		return err
	}
	// One run each, as a filter keeps what the line before has set.
	for _, filter := range dropped {
		if _, err := run.Host("ip", append([]string{"xfrm", "policy", "deleteall"}, strings.Fields(filter)...)...); err != nil {
			return err
		}
	}
	// A filter may hold networks of what stays as well.
	if len(dropped) > 0 {
		if _, err := run.HostInput(strings.NewReader(made), "ip", "-batch", "-"); err != nil {
			return err
		}
	}
	data, err := json.Marshal(wanted)
	if err != nil {
		return err
	}
	return os.WriteFile(innerFile, data, 0o600)
}

// innerChange are the lines of ip(8) that make what is wanted, and filters of what is not wanted any more. At no
// moment is a policy there without its guard. What is wanted is made each time, as daemons empty the
// kernel's policies. ip(8) finds a policy with a mark of zero by a filter only, and not by its name.
func innerChange(before, wanted []Inner) (made string, dropped []string) {
	stays := map[string]bool{}
	var makes []string
	for _, one := range wanted {
		for _, policy := range []innerPolicy{one.guard(), one.policy()} {
			stays[policy.key] = true
			makes = append(makes, "xfrm policy update "+policy.key+" "+policy.rest)
		}
	}
	for _, one := range before {
		for _, policy := range []innerPolicy{one.policy(), one.guard()} {
			if !stays[policy.key] {
				dropped = append(dropped, policy.filter)
			}
		}
	}
	if len(makes) > 0 {
		made = strings.Join(makes, "\n") + "\n"
	}
	return made, dropped
}

// innerPolicy is one of the kernel's policies: what tells it from others, and what it says.
type innerPolicy struct{ key, rest, filter string }

func (one Inner) guard() innerPolicy {
	return newInnerPolicy(one.Shown, one.Dst, guardPriority, "action block priority "+guardPriority)
}

func (one Inner) policy() innerPolicy {
	return newInnerPolicy(one.Src, one.Dst, innerPriority, "priority "+innerPriority+" tmpl src "+one.TunnelSrc+
		" dst "+one.TunnelDst+" proto esp reqid "+strconv.Itoa(one.ReqID)+" mode tunnel")
}

func newInnerPolicy(src, dst, priority, rest string) innerPolicy {
	selector := "src " + src + " dst " + dst + " dir out"
	return innerPolicy{selector + " mark 0 mask " + innerMask, rest, selector + " priority " + priority}
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
