package netif

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"standin/internal/run"
)

const heldDir = "/var/run/held."

// hold keeps the routes of an interface that is down, a line with destination, gateway and priority each.
func hold(name string, held []route) error {
	if len(held) == 0 {
		if err := os.Remove(heldDir + name); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	text := ""
	for _, r := range held {
		text += fmt.Sprintf("%s %s %d\n", r.dest, r.gateway, r.prio)
	}
	return run.WriteFile(heldDir+name, text, 0o600)
}

func heldRoutes(name string) []route {
	var held []route
	for _, line := range run.ReadLines(heldDir + name) {
		var r route
		if _, err := fmt.Sscan(line, &r.dest, &r.gateway, &r.prio); err == nil {
			r.iface, r.down = name, true
			held = append(held, r)
		}
	}
	return held
}

// downSec is the interface, being down, that has this address at its other end.
func downSec(gateway string) string {
	for _, i := range List() {
		if !IsSec(i.Name) || i.Flags&net.FlagUp != 0 {
			continue
		}
		for _, a := range secAddresses(i.Name) {
			if a.peer.String() == gateway {
				return i.Name
			}
		}
	}
	return ""
}

// block has packets to a route's destination go nowhere where no other route takes them.
func (r route) block(verb string) error {
	return ip("route", verb, "unreachable", r.dest, "metric", strconv.Itoa(prioDown|r.prio))
}

// changeHeld adds or deletes a route through an interface that is down; false is for any other route.
func changeHeld(verb string, wanted route) (bool, error) {
	name := downSec(wanted.gateway)
	if name == "" {
		return false, nil
	}
	if verb != "del" && wanted.prio == 0 {
		wanted.prio = prioStatic
	}
	held := heldRoutes(name)
	for i, r := range held {
		if r.dest != wanted.dest || wanted.prio != 0 && r.prio != wanted.prio {
			continue
		}
		if verb == "add" {
			return true, fmt.Errorf("File exists")
		}
		if verb == "del" {
			if err := r.block("del"); err != nil {
				return true, err
			}
			return true, hold(name, append(held[:i:i], held[i+1:]...))
		}
	}
	if verb == "del" {
		return true, fmt.Errorf("No such process")
	}
	if err := wanted.block("replace"); err != nil {
		return true, err
	}
	return true, hold(name, append(held, wanted))
}

// heldFor is the route of an interface that is down which an address falls into, the narrowest one.
func heldFor(address string) (found route, ok bool) {
	ip, narrowest := net.ParseIP(address), -1
	for _, i := range List() {
		if !IsSec(i.Name) {
			continue
		}
		for _, r := range heldRoutes(i.Name) {
			dest := r.dest
			if !strings.Contains(dest, "/") {
				dest += "/32"
			}
			if _, network, err := net.ParseCIDR(dest); err == nil && network.Contains(ip) {
				if ones, _ := network.Mask.Size(); ones > narrowest {
					found, ok, narrowest = r, true, ones
				}
			}
		}
	}
	return found, ok
}
