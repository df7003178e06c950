package pf

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"standin/internal/lazy"
	"standin/internal/run"
)

// showing is -s MODIFIER; modifiers can be shortened as there.
func (o options) showing(s *state) int {
	is := func(name string) bool {
		if name[0] >= 'A' && name[0] <= 'Z' {
			return strings.HasPrefix(name, o.show)
		}
		return strings.HasPrefix(name, strings.ToLower(o.show))
	}
	switch {
	case is("rules"):
		o.showRules(s)
	case is("info"):
		fmt.Print(information(s, time.Now(), connections()))
	case is("states"):
		showStates()
	case is("Tables"):
		for _, set := range s.Sets {
			if set.Table != "" {
				fmt.Println(set.Table)
			}
		}
	case is("memory"):
		fmt.Print("states        hard limit   100000\nsrc-nodes     hard limit    10000\nfrags         hard limit    65536\n" +
			"tables        hard limit     1000\ntable-entries hard limit   200000\n")
	case is("all"):
		fmt.Print("FILTER RULES:\n")
		o.showRules(s)
		fmt.Print("\nSTATES:\n")
		showStates()
		fmt.Print("\nINFO:\n" + information(s, time.Now(), connections()))
	case is("Anchors"), is("queue"), is("labels"), is("timeouts"), is("Sources"), is("Interfaces"), is("osfp"):
		return fail("-s %s: not in this stand-in", o.show)
	default:
		return fail("Unknown show modifier '%s'", o.show)
	}
	return 0
}

func (o options) showRules(s *state) {
	for i, r := range s.Config.Rules {
		if o.verbose > 1 {
			fmt.Printf("@%d ", i)
		}
		fmt.Println(r)
	}
}

var counterNames = []string{"match", "bad-offset", "fragment", "short", "normalize", "memory", "bad-timestamp",
	"congestion", "ip-option", "proto-cksum", "state-mismatch", "state-insert", "state-limit", "src-limit",
	"synproxy", "translate", "no-route"}

// information prints -s info; counters other than the number of states stay zero here.
func information(s *state, now time.Time, states int) string {
	var out strings.Builder
	status := "Status: Disabled"
	if s.Enabled {
		status = "Status: Enabled"
	}
	if !s.Since.IsZero() {
		elapsed := int(now.Sub(s.Since).Seconds())
		status += fmt.Sprintf(" for %d days %02d:%02d:%02d", elapsed/86400, elapsed/3600%24, elapsed/60%60, elapsed%60)
	}
	fmt.Fprintf(&out, "%-44s%15s\n\n", status, "Debug: err")
	if s.Config.LogIface != "" {
		fmt.Fprintf(&out, "Interface Stats for %-16s %5s %16s\n", s.Config.LogIface, "IPv4", "IPv6")
		for _, name := range []string{"Bytes In", "Bytes Out", "Packets In", "  Passed", "  Blocked", "Packets Out", "  Passed", "  Blocked"} {
			fmt.Fprintf(&out, "  %-25s %14d %16d\n", name, 0, 0)
		}
		out.WriteByte('\n')
	}
	fmt.Fprintf(&out, "%-27s %14s %16s\n", "State Table", "Total", "Rate")
	fmt.Fprintf(&out, "  %-25s %14d %14s\n", "current entries", states, "")
	fmt.Fprintf(&out, "  %-25s %14d %14s\n", "half-open tcp", 0, "")
	for _, name := range []string{"searches", "inserts", "removals"} {
		fmt.Fprintf(&out, "  %-25s %14d %14.1f/s\n", name, 0, 0.0)
	}
	out.WriteString("Counters\n")
	for _, name := range counterNames {
		fmt.Fprintf(&out, "  %-25s %14d %14.1f/s\n", name, 0, 0.0)
	}
	return out.String()
}

func connections() int {
	for _, line := range run.ReadLines("/proc/sys/net/netfilter/nf_conntrack_count") {
		count, _ := strconv.Atoi(line)
		return count
	}
	return 0
}

// showStates lists the connections that a rule made a state for.
func showStates() {
	text, err := run.Host("conntrack", "-L")
	if err != nil {
		return
	}
	own := map[string]bool{}
	addresses, _ := net.InterfaceAddrs()
	for _, address := range addresses {
		host, _, _ := strings.Cut(address.String(), "/")
		own[host] = true
	}
	for _, line := range strings.Split(text, "\n") {
		for _, state := range statesOf(line, own) {
			fmt.Println(state)
		}
	}
}

var tracked = lazy.Regexp(`src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?`)

// statesOf is a tracked connection as pf has it: a state where it came in, one where it goes out, the
// near end first, with what it was before its translation.
func statesOf(line string, own map[string]bool) []string {
	words := strings.Fields(line)
	tuples := tracked().FindAllStringSubmatch(line, 2)
	if len(words) < 4 || len(tuples) < 2 || strings.Contains(line, "mark=0 ") {
		return nil
	}
	status := "MULTIPLE:MULTIPLE"
	if words[0] == "tcp" {
		status = words[3] + ":" + words[3]
	}
	end := func(tuple []string, which int) string {
		if tuple[2+which] == "" {
			return tuple[which]
		}
		return tuple[which] + ":" + tuple[2+which]
	}
	there, back := tuples[0], tuples[1]
	near := func(now, before string) string {
		if now == before {
			return now
		}
		return now + " (" + before + ")"
	}
	var states []string
	if !own[there[1]] {
		states = append(states, fmt.Sprintf("all %s %s <- %s       %s", words[0],
			near(end(back, 1), end(there, 2)), end(there, 1), status))
	}
	if !own[back[1]] {
		states = append(states, fmt.Sprintf("all %s %s -> %s       %s", words[0],
			near(end(back, 2), end(there, 1)), end(back, 1), status))
	}
	return states
}
