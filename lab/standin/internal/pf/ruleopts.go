package pf

import (
	"fmt"
	"strings"

	"standin/internal/lex"
)

// stateOptionOrder is the order in which pfctl prints them, whatever the order in the file.
var stateOptionOrder = []string{"max", "no-sync", "source-track", "max-src-states", "if-bound", "floating", "sloppy", "pflow", "adaptive"}

// stateOptions are read and printed; of the limits none is enforced here.
func (p *parser) stateOptions(d *draft) {
	if !p.accept("(") {
		return
	}
	options := map[string]string{}
	once := func(t lex.Token, text string) {
		if options[t.Text] != "" {
			p.fail(t, "state option '%s' multiple definitions", t.Text)
		}
		options[t.Text] = text
	}
	for {
		t := p.lx.Peek()
		switch {
		case p.accept("if-bound"):
			d.IfBound, options["if-bound"] = true, "if-bound"
		case p.accept("floating"):
			d.IfBound, options["floating"] = false, "floating"
		case p.accept("no-sync"), p.accept("sloppy"), p.accept("pflow"):
			options[t.Text] = t.Text
		case p.accept("max"):
			most := p.number(1, 1<<31-1)
			once(t, fmt.Sprintf("max %d", most))
			// pfctl gives such a rule adaptive timeouts of its own.
			options["adaptive"] = fmt.Sprintf("adaptive.start %d, adaptive.end %d", most/10*6, most/10*12)
		case p.accept("source-track"):
			once(t, "source-track "+p.sourceTrack())
		case p.accept("max-src-states"):
			once(t, fmt.Sprintf("max-src-states %d", p.number(1, 1<<31-1)))
		case t.Is("max-src-nodes"), t.Is("max-src-conn"), t.Is("max-src-conn-rate"), t.Kind == lex.Word && !keywords[t.Text]:
			p.fail(t, "%s: not in this stand-in", t.Text)
		default:
			p.syntaxError(t)
		}
		if p.accept(")") {
			if options["max-src-states"] != "" && options["source-track"] == "" {
				options["source-track"] = "source-track global"
			}
			d.StateText += " (" + inOrder(options) + ")"
			return
		}
		p.accept(",")
	}
}

func (p *parser) sourceTrack() string {
	if p.accept("rule") {
		return "rule"
	}
	p.accept("global")
	return "global"
}

func inOrder(options map[string]string) string {
	var texts []string
	for _, name := range stateOptionOrder {
		if options[name] != "" {
			texts = append(texts, options[name])
		}
	}
	return strings.Join(texts, ", ")
}

func (p *parser) scrub(d *draft) {
	p.expect("(")
	for {
		t := p.lx.Peek()
		switch {
		case p.accept("max-mss"):
			d.MaxMSS = p.number(1, 65535)
		case p.accept("min-ttl"):
			p.number(0, 255)
		case p.accept("no-df"), p.accept("random-id"), p.accept("reassemble"):
			if t.Text == "reassemble" && !p.lx.Peek().Is("tcp") {
				p.syntaxError(p.lx.Peek())
			} else if t.Text == "reassemble" {
				p.lx.Next()
			}
		default:
			p.syntaxError(t)
		}
		if p.accept(")") {
			return
		}
		p.accept(",")
	}
}
