package pf

import "standin/internal/lex"

const (
	protoICMP  = 1
	protoTCP   = 6
	protoUDP   = 17
	protoICMP6 = 58
)

// expand checks a rule as written and adds one rule for each combination of its lists.
func (p *parser) expand(d draft) {
	at := lex.Token{Line: d.Line}
	p.check(at, d)
	ifaces, protos, from, to := d.ifaces, d.protos, d.from, d.to
	fromPorts, toPorts, icmps := d.fromPorts, d.toPorts, d.icmp
	if ifaces == nil {
		ifaces = []Iface{{}}
	}
	if protos == nil {
		protos = []int{0}
	}
	if from == nil {
		from = []Host{{}}
	}
	if to == nil {
		to = []Host{{}}
	}
	if fromPorts == nil {
		fromPorts = []Port{{}}
	}
	if toPorts == nil {
		toPorts = []Port{{}}
	}
	if icmps == nil {
		icmps = []icmp{{-1, -1}}
	}
	added := 0
	for _, iface := range ifaces {
		for _, proto := range protos {
			for _, ic := range icmps {
				for _, source := range from {
					for _, fromPort := range fromPorts {
						for _, target := range to {
							for _, toPort := range toPorts {
								r := d.Rule
								r.Iface, r.Proto, r.From, r.To = iface, proto, source, target
								r.FromPort, r.ToPort, r.ICMPType, r.ICMPCode = fromPort, toPort, ic.kind, ic.code
								if r.consistent() {
									p.config.Rules = append(p.config.Rules, &r)
									added++
								}
							}
						}
					}
				}
			}
		}
	}
	if added == 0 {
		p.fail(at, "rule expands to no valid combination")
	}
}

// consistent drops combinations of two address families.
func (r *Rule) consistent() bool {
	af := r.AF
	if r.Proto == protoICMP && af == "" && r.ICMPType >= 0 {
		af = "inet"
	}
	for _, h := range []Host{r.From, r.To} {
		if h.Kind != HostAddr {
			continue
		}
		if af != "" && af != prefixFamily(h.Prefix) {
			return false
		}
		af = prefixFamily(h.Prefix)
	}
	return true
}

// check refuses what pfctl's own consistency check refuses.
func (p *parser) check(at lex.Token, d draft) {
	if d.fromPorts != nil || d.toPorts != nil {
		if d.protos == nil {
			p.fail(at, "port only applies to tcp/udp")
		}
		for _, proto := range d.protos {
			if proto != protoTCP && proto != protoUDP {
				p.fail(at, "port only applies to tcp/udp")
			}
		}
	}
	if d.icmp != nil {
		wanted, name := protoICMP, "icmp"
		if d.icmp6 {
			wanted, name = protoICMP6, "icmp6"
		}
		if len(d.protos) != 1 || d.protos[0] != wanted {
			p.fail(at, "%s-type only applies to %s", name, name)
		}
		if d.AF == "" && !d.icmp6 || d.AF == "inet6" && !d.icmp6 || d.AF == "inet" && d.icmp6 {
			p.fail(at, "must indicate address family with icmp-type/code")
		}
	}
	if d.Action == "block" && d.StateText != "" {
		p.fail(at, "keep state on block rules doesn't make sense")
	}
	if d.Flags != "" && d.Flags != "any" && d.protos != nil {
		for _, proto := range d.protos {
			if proto != protoTCP {
				p.fail(at, "flags only apply to tcp")
			}
		}
	}
	if d.Action == "block" && (d.NatTo != nil || d.RdrTo != nil) {
		p.fail(at, "nat-to and rdr-to need a pass or match rule")
	}
	if d.NatTo != nil && d.Dir != "out" {
		p.fail(at, "nat-to can only be used outbound")
	}
	if d.RdrTo != nil && d.Dir != "in" {
		p.fail(at, "rdr-to can only be used inbound")
	}
}
