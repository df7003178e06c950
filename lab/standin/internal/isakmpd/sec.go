package isakmpd

import (
	"fmt"
	"strconv"

	"standin/internal/netif"
	"standin/internal/vici"
)

// onInterface binds the SAs of a connection to its sec(4) interface: no other packets enter them, and what
// comes out of them is seen on that interface.
func (m *Model) onInterface(connection string, child *vici.Section) {
	unit, err := strconv.ParseUint(m.Get(connection, "Interface"), 10, 32)
	if err != nil {
		return
	}
	id := fmt.Sprint(netif.SecID(uint32(unit)))
	child.Set("if_id_in", id).Set("if_id_out", id)
}
