package ipsecconf

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// onInterface parses the name of a sec(4) interface. The rule's SAs are for everything that is routed there.
func (p *Parser) onInterface(d *draft) {
	t := p.lx.Peek()
	name := p.text()
	unit := strings.TrimPrefix(name, "sec")
	if unit == name || unit == "" {
		p.fail(t, "invalid sec interface name")
	}
	number, err := strconv.ParseInt(unit, 10, 64)
	switch {
	case err != nil && !isRange(err):
		p.fail(t, "invalid sec interface unit: invalid")
	case number < 0:
		p.fail(t, "invalid sec interface unit: too small")
	case number > 1<<32-1:
		p.fail(t, "invalid sec interface unit: too large")
	}
	value := uint32(number)
	d.Unit = &value
	everything := Selector{Prefix: netip.PrefixFrom(netip.IPv4Unspecified(), 0), Net: true}
	d.from, d.to = []Selector{everything}, []Selector{everything}
}

func isRange(err error) bool {
	number, ok := err.(*strconv.NumError)
	return ok && number.Err == strconv.ErrRange
}

// endName is how the names of a rule's sections write one of its ends.
func (r *Rule) endName(s Selector) string {
	if r.Unit != nil {
		return fmt.Sprintf("sec%d", *r.Unit)
	}
	return s.Text() + r.protoSuffix(s)
}
