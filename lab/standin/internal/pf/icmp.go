package pf

import (
	"strconv"

	"standin/internal/lex"
)

// Names of icmp(4) and icmp6(4) types as pf.conf(5) knows them.
var icmpTypes = map[string]int{"echorep": 0, "unreach": 3, "squench": 4, "redir": 5, "althost": 6, "echoreq": 8,
	"routeradv": 9, "routersol": 10, "timex": 11, "paramprob": 12, "timereq": 13, "timerep": 14, "inforeq": 15,
	"inforep": 16, "maskreq": 17, "maskrep": 18, "trace": 30}

var icmp6Types = map[string]int{"unreach": 1, "toobig": 2, "timex": 3, "paramprob": 4, "echoreq": 128,
	"echorep": 129, "groupqry": 130, "listqry": 130, "grouprep": 131, "listenrep": 131, "groupterm": 132,
	"listendone": 132, "routersol": 133, "routeradv": 134, "neighbrsol": 135, "neighbradv": 136, "redir": 137}

var icmpCodes = map[string]int{"net-unr": 0, "host-unr": 1, "proto-unr": 2, "port-unr": 3, "needfrag": 4,
	"srcfail": 5, "net-unk": 6, "host-unk": 7, "isolate": 8, "net-prohib": 9, "host-prohib": 10, "transit": 0,
	"reassemb": 1, "noroute-unr": 0, "admin-unr": 1}

// icmpItem parses TYPE [code CODE].
func (p *parser) icmpItem(v6 bool) icmp {
	types := icmpTypes
	if v6 {
		types = icmp6Types
	}
	item := icmp{kind: p.icmpValue(types, "icmp-type"), code: -1}
	if p.lx.Peek().Is("code") {
		p.lx.Next()
		item.code = p.icmpValue(icmpCodes, "icmp-code")
	}
	return item
}

func (p *parser) icmpValue(names map[string]int, what string) int {
	t := p.lx.Peek()
	if t.Kind == lex.Number {
		p.lx.Next()
		number, _ := strconv.Atoi(t.Text)
		if number < 0 || number > 255 {
			p.fail(t, "illegal %s %s", what, t.Text)
		}
		return number
	}
	name := p.value()
	number, known := names[name]
	if !known {
		p.fail(t, "unknown %s %s", what, name)
	}
	return number
}

func icmpTypeName(v6 bool, number int) string {
	types := icmpTypes
	if v6 {
		types = icmp6Types
	}
	best := ""
	for name, n := range types {
		if n == number && (best == "" || name < best) {
			best = name
		}
	}
	if best == "" {
		return strconv.Itoa(number)
	}
	return best
}
