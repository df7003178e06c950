package pf

import "standin/internal/lex"

func (p *parser) stateOptions(d *draft) {
	if !p.accept("(") {
		return
	}
	options := ""
	for {
		t := p.lx.Peek()
		switch {
		case p.accept("if-bound"):
			d.IfBound, options = true, "if-bound"
		case p.accept("floating"):
			d.IfBound, options = false, "floating"
		case p.accept("no-sync"), p.accept("sloppy"), p.accept("pflow"):
			options = t.Text
		case t.Is("max"), t.Is("source-track"), t.Is("max-src-states"), t.Is("max-src-nodes"),
			t.Is("max-src-conn"), t.Is("max-src-conn-rate"), t.Kind == lex.Word && !keywords[t.Text]:
			p.fail(t, "%s: not in this stand-in", t.Text)
		default:
			p.syntaxError(t)
		}
		if p.accept(")") {
			d.StateText += " (" + options + ")"
			return
		}
		p.accept(",")
	}
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
