package ipsecconf

import "net/netip"

// Bypass is a flow of type bypass: packets of it, and their answers, go past every tunnel.
type Bypass struct{ From, To netip.Prefix }

// flowRule parses a flow of type bypass in both directions; the returned function adds it once the end of the
// line is seen. Other flows are refused by name.
func (p *Parser) flowRule() func() {
	start := p.lx.Next()
	p.accept("esp")
	var d draft
	p.hosts(&d)
	if !p.accept("type") || !p.accept("bypass") {
		p.fail(start, "flow but of type bypass: not in this stand-in")
	}
	return func() {
		for _, from := range d.from {
			for _, to := range d.to {
				if from.Prefix.Addr().Is4() == to.Prefix.Addr().Is4() {
					p.Bypasses = append(p.Bypasses, Bypass{from.Prefix, to.Prefix})
				}
			}
		}
	}
}
