package vici

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
)

// Packet types.
const (
	cmdRequest    = 0
	cmdResponse   = 1
	eventRegister = 3
	eventRelease  = 4
	eventConfirm  = 5
	event         = 7
)

// Client is one connection; it serves one command at a time.
type Client struct {
	conn net.Conn
}

// Dial connects to charon's socket.
func Dial(path string) (*Client, error) {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return nil, err
	}
	return &Client{conn: conn}, nil
}

// Close ends the connection.
func (c *Client) Close() { c.conn.Close() }

func (c *Client) send(kind byte, name string, message *Section) error {
	packet := appendName([]byte{kind}, name)
	if message != nil {
		packet = message.encode(packet)
	}
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(packet)))
	_, err := c.conn.Write(append(length[:], packet...))
	return err
}

func (c *Client) receive() (byte, []byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(c.conn, length[:]); err != nil {
		return 0, nil, err
	}
	packet := make([]byte, binary.BigEndian.Uint32(length[:]))
	if _, err := io.ReadFull(c.conn, packet); err != nil {
		return 0, nil, err
	}
	if len(packet) == 0 {
		return 0, nil, fmt.Errorf("vici: empty packet")
	}
	return packet[0], packet[1:], nil
}

// Call runs a command; an answer with success=no is an error. Events that arrive go to onEvent.
func (c *Client) Call(command string, message *Section, onEvent func(name string, m *Section)) (*Section, error) {
	if err := c.send(cmdRequest, command, message); err != nil {
		return nil, err
	}
	for {
		kind, data, err := c.receive()
		if err != nil {
			return nil, err
		}
		switch kind {
		case event:
			d := decoder{data: data}
			name := d.name()
			if m, err := decode(d.data); err == nil && onEvent != nil {
				onEvent(name, m)
			}
		case cmdResponse:
			answer, err := decode(data)
			if err != nil {
				return nil, err
			}
			if answer.String("success") == "no" {
				return answer, fmt.Errorf("%s: %s", command, answer.String("errmsg"))
			}
			return answer, nil
		default:
			return nil, fmt.Errorf("vici: %s: unexpected packet type %d", command, kind)
		}
	}
}

// register turns an event on (or off with eventRelease).
func (c *Client) register(kind byte, name string) error {
	if err := c.send(kind, name, nil); err != nil {
		return err
	}
	for {
		got, _, err := c.receive()
		if err != nil {
			return err
		}
		if got == eventConfirm {
			return nil
		}
		if got != event {
			return fmt.Errorf("vici: event %s is not known", name)
		}
	}
}

// Stream runs a command that answers with events, as list-sas does.
func (c *Client) Stream(command, eventName string, message *Section) ([]*Section, error) {
	if err := c.register(eventRegister, eventName); err != nil {
		return nil, err
	}
	var all []*Section
	_, err := c.Call(command, message, func(_ string, m *Section) { all = append(all, m) })
	if err != nil {
		return nil, err
	}
	return all, c.register(eventRelease, eventName)
}

// Watch delivers events until the connection ends.
func (c *Client) Watch(names []string, onEvent func(name string, m *Section)) error {
	for _, name := range names {
		if err := c.register(eventRegister, name); err != nil {
			return err
		}
	}
	for {
		kind, data, err := c.receive()
		if err != nil {
			return err
		}
		if kind != event {
			continue
		}
		d := decoder{data: data}
		name := d.name()
		if m, err := decode(d.data); err == nil {
			onEvent(name, m)
		}
	}
}
