package run

import (
	"os"
	"os/exec"
	"syscall"
)

const detached = "STANDIN_DETACHED"

// Detach is daemon(3): the caller's copy runs on in a session of its own and Detach returns false in it;
// in the original process it returns true, which then has to exit.
func Detach() (parent bool, err error) {
	if os.Getenv(detached) != "" {
		os.Unsetenv(detached)
		return false, nil
	}
	// By its own name, so that ps and pgrep show that.
	path, err := exec.LookPath(os.Args[0])
	if err != nil {
		return false, err
	}
	cmd := exec.Command(path)
	cmd.Args = os.Args
	cmd.Env = append(os.Environ(), detached+"=1")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return true, cmd.Start()
}
