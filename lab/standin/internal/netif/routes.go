package netif

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"standin/internal/run"
)

// Priorities of route(8) (route.h), which are Linux's metrics here; that of a route without one is none there. A
// route whose interface is down comes after all others of its destination.
const prioStatic, prioMax, prioDown = 8, 63, 0x80

func metric(prio int) []string {
	if prio == 0 || prio == prioStatic {
		return nil
	}
	return []string{"metric", strconv.Itoa(prio)}
}

// static6 is a metric for routes of IPv6, which get 1024 without one, and would come after all others here.
var static6 = []string{"metric", strconv.Itoa(prioStatic)}

type route struct {
	dest, gateway, iface string
	// prio is the priority as route(8) counts it; the kernel takes the lowest.
	prio int
	// down: the interface is, and nothing leaves by the route.
	down bool
}

// routes reads the main routing table; family is "-4" or "-6".
func routes(family string) []route {
	text, err := run.Host("ip", family, "route", "show")
	if err != nil {
		return nil
	}
	return parseRoutes(text)
}

// parseRoutes leaves out what stands for a route of sec(4) that is down.
func parseRoutes(text string) []route {
	var out []route
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "unreachable" {
			continue
		}
		r := route{dest: words[0], prio: prioStatic}
		for i := 1; i+1 < len(words); i++ {
			switch words[i] {
			case "via":
				r.gateway = words[i+1]
			case "dev":
				r.iface = bsdName(words[i+1])
			case "metric":
				if prio, err := strconv.Atoi(words[i+1]); err == nil {
					r.prio = prio
				}
			}
		}
		out = append(out, r)
	}
	return out
}

func showRoutes() {
	fmt.Print("Routing tables\n\nInternet:\n")
	fmt.Printf("%-18.18s %-18.18s %-6.6s %5.5s %8.8s %5.5s  %4.4s %s\n", "Destination", "Gateway", "Flags", "Refs", "Use", "Mtu", "Prio", "Iface")
	now := Take()
	var all []route
	for _, r := range routes("-4") {
		// Of sec(4) the two ends are shown, not the network that Linux makes of them.
		if r.gateway != "" || !IsSec(r.iface) {
			all = append(all, r)
		}
	}
	for _, i := range List() {
		if IsSec(i.Name) {
			all = append(all, heldRoutes(i.Name)...)
		}
	}
	for _, r := range all {
		gateway, flags, prio := r.gateway, "UGS", r.prio
		switch {
		case r.iface == rejectDevice:
			gateway, flags, r.iface = loopback("-4"), "UGRS", "lo0"
		case gateway == "":
			gateway, flags, prio = "link", "UCn", 4
			if addrs := now.addresses[r.iface]; len(addrs) > 0 {
				gateway = strings.SplitN(addrs[0], "/", 2)[0]
			}
		case r.down:
			flags = "GS"
		}
		showRoute(network(r.dest), gateway, flags, prio, r.iface)
	}
	for _, i := range List() {
		if !IsSec(i.Name) {
			continue
		}
		peerFlags := "Hh"
		if i.Flags&net.FlagUp != 0 {
			peerFlags = "UHh"
		}
		for _, a := range secAddresses(i.Name) {
			showRoute(a.own.String(), a.own.String(), "UHl", 1, i.Name)
			showRoute(a.peer.String(), a.own.String(), peerFlags, 8, i.Name)
		}
	}
}

func showRoute(dest, gateway, flags string, prio int, iface string) {
	fmt.Printf("%-18.18s %-18.18s %-6.6s %5d %8d %5s    %2d %-5.16s\n", dest, gateway, flags, 0, 0, "-", prio, iface)
}

// network is how netstat writes one: without the zero bytes at its end (show.c netname4).
func network(dest string) string {
	address, length, isNetwork := strings.Cut(dest, "/")
	bits, err := strconv.Atoi(length)
	if !isNetwork || err != nil {
		return dest
	}
	bytes := strings.Split(address, ".")
	if shown := (bits + 7) / 8; shown > 0 && shown < len(bytes) {
		bytes = bytes[:shown]
	} else if shown == 0 {
		bytes = bytes[:1]
	}
	return strings.Join(bytes, ".") + "/" + length
}

// Route is route(8): [-nq] show | add|change|delete [-net|-host|-inet] [-priority N] DEST GATEWAY |
// get [-priority N] DEST | flush.
func Route(args []string) int {
	quiet, prio, family, reject := false, 0, "-4", false
	var words []string
	for i := 0; i < len(args); i++ {
		switch a := args[i]; a {
		case "-priority":
			i++
			if i < len(args) {
				prio, _ = strconv.Atoi(args[i])
			}
			if prio < 1 || prio > prioMax {
				return run.Errorf("route", "invalid priority")
			}
		case "-inet6":
			family = "-6"
		case "-reject":
			reject = true
		case "-n", "-v", "-net", "-host", "-inet":
		case "-q", "-qn", "-nq":
			quiet = true
		default:
			words = append(words, a)
		}
	}
	if len(words) == 0 {
		fmt.Fprintln(os.Stderr, "usage: route [-dnqtv] [-T rtable] command [[modifiers] args]")
		return 1
	}
	switch command := words[0]; command {
	case "show":
		showRoutes()
	case "get":
		if len(words) < 2 {
			return run.Errorf("route", "get: no destination")
		}
		address, _, _ := strings.Cut(words[1], "/")
		if address == "default" {
			return getDefault(family, prio)
		}
		if prio != 0 {
			return getRoute(words[1], prio)
		}
		if r, held := heldFor(address); held {
			fmt.Printf("   route to: %s\n    gateway: %s\n  interface: %s\n", words[1], r.gateway, r.iface)
			return 0
		}
		text, err := run.Host("ip", "route", "get", address)
		if err != nil {
			return run.Errorf("route", "writing to routing socket: No such process")
		}
		fields := strings.Fields(text)
		fmt.Printf("   route to: %s\n", words[1])
		for i := 0; i+1 < len(fields); i++ {
			switch fields[i] {
			case "via":
				fmt.Printf("    gateway: %s\n", fields[i+1])
			case "dev":
				fmt.Printf("  interface: %s\n", bsdName(fields[i+1]))
			case "src":
				fmt.Printf(" if address: %s\n", fields[i+1])
			}
		}
	case "flush":
		if err := ip("route", "flush", "proto", "boot"); err != nil {
			return run.Errorf("route", "%v", err)
		}
	case "add", "change", "delete", "del":
		if reject {
			return changeReject(command, words[1:], prio, quiet, family)
		}
		return changeRoute(command, words[1:], prio, quiet, family)
	default:
		return run.Errorf("route", "%s: bad keyword", command)
	}
	return 0
}

// getRoute is get with a priority: of the routes to exactly that network.
func getRoute(dest string, prio int) int {
	all := routes("-4")
	for _, i := range List() {
		if IsSec(i.Name) {
			all = append(all, heldRoutes(i.Name)...)
		}
	}
	for _, r := range all {
		if r.dest == dest && r.prio == prio && r.gateway != "" {
			fmt.Printf("   route to: %s\n    gateway: %s\n  interface: %s\n   priority: %d (static)\n", dest, r.gateway, r.iface, prio)
			return 0
		}
	}
	return run.Errorf("route", "writing to routing socket: No such process")
}

// getDefault is get of the default route itself, where there is one; prio 0 is any priority.
func getDefault(family string, prio int) int {
	for _, r := range routes(family) {
		if r.dest != "default" || prio != 0 && r.prio != prio {
			continue
		}
		flags := "STATIC"
		if r.iface == rejectDevice {
			r.gateway, r.iface, flags = loopback(family), "lo0", "REJECT,STATIC"
		}
		fmt.Printf("   route to: default\ndestination: default\n       mask: default\n    gateway: %s\n  interface: %s\n   priority: %d (static)\n      flags: <UP,GATEWAY,DONE,%s>\n",
			r.gateway, r.iface, r.prio, flags)
		return 0
	}
	return run.Errorf("route", "writing to routing socket: No such process")
}

// rejectDevice is where routes with -reject lead: Linux looks for no flow behind a route that it calls unreachable,
// OpenBSD does. What has no flow is lost there, and nobody is told.
const rejectDevice = "dummy0"

func loopback(family string) string {
	if family == "-6" {
		return "::1"
	}
	return "127.0.0.1"
}

func changeReject(command string, words []string, prio int, quiet bool, family string) int {
	if len(words) != 2 || words[1] != loopback(family) {
		return run.Errorf("route", "-reject: only to the loopback address in this stand-in")
	}
	if err := ip("link", "set", rejectDevice, "up"); err != nil {
		return run.Errorf("route", "%v", err)
	}
	verb := map[string]string{"add": "add", "change": "replace", "delete": "del", "del": "del"}[command]
	// Of that scope it makes no router reachable that is on no network of ours.
	args := append([]string{family, "route", verb, words[0], "dev", rejectDevice, "scope", "global"}, metric(prio)...)
	if err := ip(args...); err != nil {
		reason := "File exists"
		if verb == "del" {
			reason = "No such process"
		}
		return run.Errorf("route", "writing to routing socket: %s", reason)
	}
	return changed(command, words, quiet)
}

func changeRoute(command string, words []string, prio int, quiet bool, family string) int {
	if len(words) == 0 || len(words) < 2 && command != "delete" && command != "del" {
		return run.Errorf("route", "%s: no gateway", command)
	}
	verb := map[string]string{"add": "add", "change": "replace", "delete": "del", "del": "del"}[command]
	if len(words) > 1 {
		if done, err := changeHeld(verb, route{dest: words[0], gateway: words[1], prio: prio}); err != nil {
			return run.Errorf("route", "writing to routing socket: %v", err)
		} else if done {
			return changed(command, words, quiet)
		}
	}
	if strings.Contains(words[0], ":") {
		family = "-6"
	}
	args := []string{family, "route", verb, words[0]}
	if len(words) > 1 {
		args = append(args, "via", words[1])
	}
	args = append(args, metric(prio)...)
	if family == "-6" && verb != "del" && prio == 0 {
		args = append(args, static6...)
	}
	if err := ip(args...); err != nil {
		reason := "Network is unreachable"
		if strings.Contains(err.Error(), "File exists") {
			reason = "File exists"
		} else if verb == "del" {
			reason = "No such process"
		}
		return run.Errorf("route", "writing to routing socket: %s", reason)
	}
	return changed(command, words, quiet)
}

func changed(command string, words []string, quiet bool) int {
	if !quiet {
		line := command + " net " + words[0]
		if len(words) > 1 {
			line += ": gateway " + words[1]
		}
		fmt.Println(line)
	}
	return 0
}

// Netstat is netstat(1) for -r[n] and -i[n]; "encap" is refused as OpenBSD refuses it today.
func Netstat(args []string) int {
	for i, a := range args {
		if strings.HasPrefix(a, "-") && strings.HasSuffix(a, "f") && i+1 < len(args) {
			if f := args[i+1]; f != "inet" && f != "inet6" && f != "unix" && f != "mpls" {
				return run.Errorf("netstat", "%s: unknown address family", f)
			}
		}
	}
	flags := strings.Join(args, "")
	switch {
	case strings.Contains(flags, "r"):
		showRoutes()
	case strings.Contains(flags, "i"):
		fmt.Printf("%-7s %-5s %-11s %s\n", "Name", "Mtu", "Network", "Address")
		for _, i := range List() {
			fmt.Printf("%-7s %-5d %-11s %s\n", i.Name, i.MTU, "<Link>", i.HardwareAddr)
		}
	default:
		return run.Errorf("netstat", "only -r and -i are in this stand-in")
	}
	return 0
}
