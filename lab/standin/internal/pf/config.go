// Package pf is the stand-in's pfctl(8): a parser of pf.conf(5) that refuses what OpenBSD's refuses, and
// a compiler to nftables that enforces the rules in the guest.
//
// What it does not do is refused with "not in this stand-in": queues, route-to, af-to, divert,
// user and group matching beyond parsing, anchors with conditions or with rules in braces, state limits.
package pf

import "net/netip"

// Config is a parsed file: rules are expanded, one combination of the lists each.
type Config struct {
	Tables      []*Table
	Rules       []*Rule
	Skip        []string
	BlockPolicy string // "drop" or "return"
	IfBound     bool   // set state-policy if-bound
	LogIface    string
	Anchors     map[string]*Config `json:",omitempty"` // what is loaded into them
	loads       []anchorFile
}

// Table is a named set of addresses.
type Table struct {
	Name    string
	Const   bool
	Persist bool
	Entries []Entry
}

// Entry is one address of a table; Not excludes it from a larger one.
type Entry struct {
	Not    bool         `json:",omitempty"`
	Prefix netip.Prefix `json:"Prefix"`
}

// Rule is one expanded rule.
type Rule struct {
	Line      int
	Action    string // pass, block, match
	Block     string // drop, return
	Dir       string // in, out, or both ("")
	Quick     bool
	Log       bool
	Iface     Iface
	AF        string // inet, inet6 or both ("")
	Proto     int    // 0: any
	From, To  Host
	FromPort  Port
	ToPort    Port
	Users     []int  // owners of the local socket; only matched for packets sent from here
	Flags     string // as written; "" is the default
	ICMPType  int    // -1: any
	ICMPCode  int    // -1: any
	NoState   bool
	OwnOnly   bool // !received-on any
	IfBound   bool
	StateText string // how the state options are printed
	Tag       string
	Tagged    string
	NotTagged bool
	MaxMSS    int
	NatTo     *Host
	// StaticPort keeps a translated packet's source port.
	StaticPort bool
	// Bitmask translates host by host, from a network to another one of its size.
	Bitmask bool
	RdrTo   *Host
	RdrPort int
	Anchor  string
	Label   string
}

// Iface is the "on" part; an empty name is any interface.
type Iface struct {
	Not  bool
	Name string
}

// HostKind says what a Host is.
type HostKind int

// The kinds of hosts.
const (
	HostAny HostKind = iota
	HostAddr
	HostTable   // <name>
	HostDynamic // (interface)
	HostSelf    // self or (self)
	HostURPF    // urpf-failed
	HostNoRoute // no-route
)

// Host is a source or destination.
type Host struct {
	Kind   HostKind
	Not    bool
	Name   string
	Prefix netip.Prefix
}

// Port is a port condition; an empty Op is any port.
type Port struct {
	Op   string // = != < <= > >= : <> ><
	A, B int
}

// stateful reports whether a passing packet makes a state.
func (r *Rule) stateful() bool { return r.Action == "pass" && !r.NoState }

// family returns the address family a rule is bound to by its addresses: "inet", "inet6" or "".
func (r *Rule) family() string {
	if r.AF != "" {
		return r.AF
	}
	for _, h := range []Host{r.From, r.To} {
		if h.Kind == HostAddr {
			return prefixFamily(h.Prefix)
		}
	}
	return ""
}

func prefixFamily(p netip.Prefix) string {
	if p.Addr().Is4() {
		return "inet"
	}
	return "inet6"
}
