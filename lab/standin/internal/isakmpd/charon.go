package isakmpd

import (
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"syscall"
	"time"

	"standin/internal/run"
	"standin/internal/vici"
)

const (
	viciSocket = "/var/run/isakmpd.vici"
	charonConf = "/var/run/isakmpd.charon"
)

// charonSettings: IKEv1 over the kernel's own ESP. Retransmission is near isakmpd's: after 7 and 16 s, and
// after 27 s the exchange is given up.
const charonSettings = `charon-systemd {
  load_modular = no
  load = random nonce openssl pem pkcs1 pkcs8 x509 pubkey revocation constraints hmac aes sha1 sha2 gcm ctr gmp curve25519 kdf kernel-netlink socket-default vici
  install_routes = no
  install_virtual_ip = no
  retransmit_tries = 2
  retransmit_timeout = 7.0
  retransmit_base = 1.25
  journal { default = -1 }
  plugins { vici { socket = unix://` + viciSocket + ` } }
}
`

// charon is the negotiating process and what was loaded into it.
type charon struct {
	cmd    *exec.Cmd
	loaded map[string]peerConfig
	// believed are the authorities and lists that were loaded.
	believed certificates
	exited   chan struct{}
}

// startCharon returns when the control socket answers.
func startCharon() (*charon, error) {
	os.Remove(viciSocket)
	if err := os.WriteFile(charonConf, []byte(charonSettings), 0o600); err != nil {
		return nil, err
	}
	c := &charon{loaded: map[string]peerConfig{}, exited: make(chan struct{})}
	c.cmd = exec.Command(run.HostDir + "charon-systemd")
	c.cmd.Env = []string{"STRONGSWAN_CONF=" + charonConf, "PATH=/bin:/sbin"}
	// It ends with this process, also when that is killed.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		c.cmd.Wait()
		close(c.exited)
	}()
	const patience = 300
	for i := 0; i < patience; i++ {
		if client, err := vici.Dial(viciSocket); err == nil {
			client.Close()
			return c, nil
		}
		select {
		case <-c.exited:
			return nil, fmt.Errorf("the negotiating process does not start")
		case <-time.After(100 * time.Millisecond):
		}
	}
	c.cmd.Process.Kill()
	return nil, fmt.Errorf("the negotiating process does not answer")
}

// stop ends charon, which sends DELETEs for everything that is up.
func (c *charon) stop() {
	c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.exited:
	case <-time.After(8 * time.Second):
		c.cmd.Process.Kill()
		<-c.exited
	}
	os.Remove(viciSocket)
}

func call(command string, message *vici.Section) (*vici.Section, error) {
	client, err := vici.Dial(viciSocket)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	return client.Call(command, message, nil)
}

// load makes charon's connections those of the list; what did not change is not touched, and live SAs
// stay whatever happens.
func (c *charon) load(wanted []peerConfig, believed certificates) []error {
	var problems []error
	keep := map[string]bool{}
	if !reflect.DeepEqual(c.believed, believed) || c.hasOldKeys(wanted) {
		if _, err := call("clear-creds", vici.New()); err != nil {
			problems = append(problems, err)
		}
		for name := range c.loaded {
			c.loaded[name] = peerConfig{}
		}
		for _, one := range believed.trusted() {
			if _, err := call("load-cert", one); err != nil {
				problems = append(problems, err)
			}
		}
		c.believed = believed
	}
	for _, p := range wanted {
		keep[p.name] = true
		old, known := c.loaded[p.name]
		if known && reflect.DeepEqual(old, p) {
			continue
		}
		if err := p.loadSecrets(); err != nil {
			problems = append(problems, err)
			continue
		}
		if _, err := call("load-conn", vici.New().Set(p.name, p.conn)); err != nil {
			problems = append(problems, err)
			continue
		}
		c.loaded[p.name] = p
	}
	for name := range c.loaded {
		if keep[name] {
			continue
		}
		if _, err := call("unload-conn", vici.New().Set("name", name)); err != nil {
			problems = append(problems, err)
		}
		if _, err := call("unload-shared", vici.New().Set("id", name)); err != nil {
			problems = append(problems, err)
		}
		delete(c.loaded, name)
	}
	return problems
}

// hasOldKeys tells whether charon knows keys that hold no more: it takes any that it was ever given for an
// identity, until all are forgotten.
func (c *charon) hasOldKeys(wanted []peerConfig) bool {
	now := map[string]keys{}
	for _, p := range wanted {
		now[p.name] = p.keys
	}
	for name, old := range c.loaded {
		if old.keys != (keys{}) && old.keys != now[name] {
			return true
		}
	}
	return false
}

func (p peerConfig) loadSecrets() error {
	if p.shared != nil {
		_, err := call("load-shared", p.shared)
		return err
	}
	if p.keys.private == "" {
		return nil
	}
	_, err := call("load-key", vici.New().Set("type", "rsa").Set("data", p.keys.private))
	return err
}

// sas lists charon's IKE SAs, keyed by the name of the connection.
func sas() (names []string, all []*vici.Section) {
	client, err := vici.Dial(viciSocket)
	if err != nil {
		return nil, nil
	}
	defer client.Close()
	events, err := client.Stream("list-sas", "list-sa", vici.New())
	if err != nil {
		return nil, nil
	}
	for _, e := range events {
		for _, name := range e.Keys {
			names = append(names, name)
			all = append(all, e.Section(name))
		}
	}
	return names, all
}

// initiate starts a connection without waiting for it.
func initiate(peer, connection string) error {
	_, err := call("initiate", vici.New().Set("ike", peer).Set("child", connection).Set("timeout", "-1"))
	return err
}

// terminate takes down a child SA (kind "child") or an IKE SA with its children (kind "ike"), by name.
func terminate(kind, name string) error {
	_, err := call("terminate", vici.New().Set(kind, name).Set("timeout", "2000"))
	return err
}
