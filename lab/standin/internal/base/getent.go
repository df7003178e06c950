package base

import (
	"fmt"
	"net"
	"os"

	"standin/internal/run"
)

// getent(1)'s exit statuses.
const (
	getentUsage    = 1
	getentNotFound = 2
	getentNoEnum   = 3
)

// Getent is getent(1) of the database hosts: every address of each name, in both families, a line each. It
// stops at the first name that has none.
func Getent(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: getent database [key ...]")
		return getentUsage
	}
	if args[0] != "hosts" {
		run.Errorf("getent", "database %s is not in this stand-in", args[0])
		return getentUsage
	}
	if len(args) == 1 {
		run.Errorf("getent", "Enumeration not supported on hosts")
		return getentNoEnum
	}
	return hosts(args[1:], net.LookupHost)
}

func hosts(names []string, lookup func(string) ([]string, error)) int {
	for _, name := range names {
		addresses, err := lookup(name)
		if err != nil || len(addresses) == 0 {
			return getentNotFound
		}
		for _, address := range addresses {
			fmt.Printf("%-39s %s\n", address, name)
		}
	}
	return 0
}
