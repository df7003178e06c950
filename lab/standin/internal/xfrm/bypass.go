package xfrm

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"standin/internal/run"
)

// Bypass is a flow that takes its packets past every tunnel. Of all policies OpenBSD's kernel goes by the longest prefix
// and Linux by the lowest priority, so this one's is what charon gives a policy of the same length
// (kernel_netlink_ipsec.c get_priority), and ours gives those of iked (iked/spd.c).
type Bypass struct{ From, To netip.Prefix }

const (
	wholePriority = 400000
	bitPriority   = 512
)

// policies are OpenBSD's flows out and in, and Linux's for what it forwards.
func (b Bypass) policies() [][]string {
	one := func(src, dst netip.Prefix, dir string) []string {
		return []string{"src", src.String(), "dst", dst.String(), "dir", dir}
	}
	return [][]string{one(b.From, b.To, "out"), one(b.To, b.From, "in"), one(b.To, b.From, "fwd")}
}

func (b Bypass) priority() string {
	return fmt.Sprint(wholePriority - bitPriority*(b.From.Bits()+b.To.Bits()))
}

// Load adds the flow, or leaves it as it is.
func (b Bypass) Load() error {
	for _, policy := range b.policies() {
		args := append([]string{"xfrm", "policy", "update"}, policy...)
		if _, err := run.Host("ip", append(args, "action", "allow", "priority", b.priority())...); err != nil {
			return err
		}
	}
	return nil
}

// ErrNoFlow is ESRCH, in the kernel's words.
var ErrNoFlow = errors.New("No such process")

// Remove takes the flow away, and says whether a direction of it was not there.
func (b Bypass) Remove() error {
	missing := false
	for _, policy := range b.policies() {
		if _, err := run.Host("ip", append([]string{"xfrm", "policy", "delete"}, policy...)...); err != nil {
			missing = true
		}
	}
	if missing {
		return ErrNoFlow
	}
	return nil
}

// Lines are the flow's two lines, as ipsecctl prints them.
func (b Bypass) Lines() string {
	line := func(dir string, src, dst netip.Prefix) string {
		return Flow{Dir: dir, Src: src.String(), Dst: dst.String(), ESP: "esp", bypass: true}.String()
	}
	return strings.Join([]string{line("out", b.From, b.To), line("in", b.To, b.From)}, "\n")
}
