package pf

import (
	"fmt"
	"strconv"
	"strings"
)

// String prints an expanded rule as pfctl -sr does.
func (r *Rule) String() string {
	if r.Action == "anchor" {
		return strings.TrimSpace("anchor " + strconv.Quote(r.Anchor) + " all")
	}
	words := []string{r.Action}
	if r.Action == "block" {
		words = append(words, r.Block)
	}
	if r.Dir != "" {
		words = append(words, r.Dir)
	}
	if r.Log {
		words = append(words, "log")
	}
	if r.Quick {
		words = append(words, "quick")
	}
	if r.Iface.Name != "" {
		words = append(words, "on")
		if r.Iface.Not {
			words = append(words, "!")
		}
		words = append(words, r.Iface.Name)
	}
	if af := r.family(); af != "" {
		words = append(words, af)
	}
	if r.Proto != 0 {
		words = append(words, "proto", protocolName(r.Proto))
	}
	if r.From == (Host{}) && r.To == (Host{}) && r.FromPort.Op == "" && r.ToPort.Op == "" {
		words = append(words, "all")
	} else {
		words = append(words, "from", r.From.String()+r.FromPort.String(), "to", r.To.String()+r.ToPort.String())
	}
	words = append(words, r.suffix()...)
	return strings.Join(words, " ")
}

// suffix prints what follows the addresses, in pfctl's order.
func (r *Rule) suffix() []string {
	var words []string
	if r.OwnOnly {
		words = append(words, "!received-on any")
	}
	for _, id := range r.Users {
		words = append(words, fmt.Sprintf("user = %d", id))
	}
	if r.stateful() && (r.Proto == 0 || r.Proto == protoTCP) {
		flags := r.Flags
		if flags == "" {
			flags = "S/SA"
		}
		words = append(words, "flags", flags)
	}
	if r.ICMPType >= 0 {
		v6 := r.Proto == protoICMP6
		word := "icmp-type "
		if v6 {
			word = "icmp6-type "
		}
		word += icmpTypeName(v6, r.ICMPType)
		if r.ICMPCode >= 0 {
			word += " code " + strconv.Itoa(r.ICMPCode)
		}
		words = append(words, word)
	}
	switch {
	case r.NoState:
		words = append(words, "no state")
	case r.stateful() && (r.IfBound || r.StateText != "" && r.StateText != "keep state"):
		text := r.StateText
		if text == "" || text == "keep state" {
			text = "keep state (if-bound)"
		}
		words = append(words, text)
	}
	if r.MaxMSS > 0 {
		words = append(words, fmt.Sprintf("scrub (max-mss %d)", r.MaxMSS))
	}
	if r.Label != "" {
		words = append(words, "label "+strconv.Quote(r.Label))
	}
	if r.Tag != "" {
		words = append(words, "tag "+r.Tag)
	}
	if r.Tagged != "" {
		if r.NotTagged {
			words = append(words, "!")
		}
		words = append(words, "tagged "+r.Tagged)
	}
	if r.NatTo != nil {
		words = append(words, "nat-to "+r.NatTo.String())
		if r.Bitmask {
			words = append(words, "bitmask")
		}
		if r.StaticPort {
			words = append(words, "static-port")
		}
	}
	if r.RdrTo != nil {
		word := "rdr-to " + r.RdrTo.String()
		if r.RdrPort > 0 {
			word += " port " + strconv.Itoa(r.RdrPort)
		}
		if r.Bitmask {
			word += " bitmask"
		}
		words = append(words, word)
	}
	return words
}

func (h Host) String() string {
	text := ""
	switch h.Kind {
	case HostAny:
		text = "any"
	case HostTable:
		text = "<" + h.Name + ">"
	case HostDynamic:
		text = "(" + h.Name + ")"
	case HostSelf:
		text = "(self)"
	case HostURPF:
		text = "urpf-failed"
	case HostNoRoute:
		text = "no-route"
	case HostAddr:
		text = h.Prefix.String()
		if h.Prefix.IsSingleIP() {
			text = h.Prefix.Addr().String()
		}
	}
	if h.Not {
		return "! " + text
	}
	return text
}

func (p Port) String() string {
	switch p.Op {
	case "":
		return ""
	case ":":
		return fmt.Sprintf(" port %d:%d", p.A, p.B)
	case "<>", "><":
		return fmt.Sprintf(" port %d %s %d", p.A, p.Op, p.B)
	}
	return fmt.Sprintf(" port %s %d", p.Op, p.A)
}
