package base

import (
	"os"
	"os/signal"
	"syscall"

	"standin/internal/run"
)

// Resolvd is resolvd(8) as far as rcctl(8) sees it: it runs until it is told to end. What a DHCP server
// advertises is written by the client here.
func Resolvd([]string) int {
	if parent, err := run.Detach(); err != nil {
		return run.Errorf("resolvd", "%v", err)
	} else if parent {
		return 0
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	<-end
	return 0
}
