package netif

import (
	"fmt"
	"net"
	"os"
	"strings"

	"standin/internal/run"
)

const heldDir = "/var/run/held."

// hold keeps the routes of an interface that is down, a line with destination and gateway each.
func hold(name string, held []route) error {
	if len(held) == 0 {
		if err := os.Remove(heldDir + name); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	text := ""
	for _, r := range held {
		text += r.dest + " " + r.gateway + "\n"
	}
	return run.WriteFile(heldDir+name, text, 0o600)
}

func heldRoutes(name string) []route {
	var held []route
	for _, line := range run.ReadLines(heldDir + name) {
		if words := strings.Fields(line); len(words) == 2 {
			held = append(held, route{dest: words[0], gateway: words[1], iface: name, down: true})
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

// changeHeld adds or deletes a route through an interface that is down; false is for any other route.
func changeHeld(verb, dest, gateway string) (bool, error) {
	name := downSec(gateway)
	if name == "" {
		return false, nil
	}
	held := heldRoutes(name)
	for i, r := range held {
		if r.dest != dest {
			continue
		}
		if verb == "add" {
			return true, fmt.Errorf("File exists")
		}
		if verb == "del" {
			if err := ip("route", "del", "unreachable", dest); err != nil {
				return true, err
			}
			return true, hold(name, append(held[:i:i], held[i+1:]...))
		}
	}
	if verb == "del" {
		return true, fmt.Errorf("No such process")
	}
	if err := ip("route", "replace", "unreachable", dest); err != nil {
		return true, err
	}
	return true, hold(name, append(held, route{dest: dest, gateway: gateway, iface: name, down: true}))
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

func dests(held []route) []string {
	var all []string
	for _, r := range held {
		all = append(all, r.dest)
	}
	return all
}
