/** A token of pf.conf(5): a word or number, a quoted text, a mark such as `{`, or the end of a line. */
export interface PfToken {
  readonly kind: "word" | "quoted" | "mark" | "end";
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** pfctl's own limit of a token; macros that double each other would otherwise fill the memory. */
const LONGEST = 8096;

const WORD_BEGINS = /[A-Za-z0-9:_]/;
const WORD_GOES_ON = /[^\s(){}<>!=/#,]/;

/**
 * Cuts rules into tokens as pfctl(8) does (its yylex and lgetc): a backslash joins lines, also in a comment,
 * and a macro's value is read in the place of its name. Text that pfctl would refuse gives tokens as well:
 * pfctl sees it before it is loaded. Pure; never throws.
 */
export function pfTokens(text: string): PfToken[] {
  return new Lexer(text).all();
}

class Lexer {
  private readonly macros = new Map<string, string>();
  private readonly tokens: PfToken[] = [];
  private line = 1;
  /** How much was left behind the macro's value that is being read: a `$` in it is no macro. */
  private outside: number | undefined;

  constructor(private rest: string) {}

  all(): PfToken[] {
    for (let c = this.next(); c !== undefined; c = this.next()) {
      if (c === " " || c === "\t") continue;
      if (c === "#") c = this.comment();
      if (c === "\n") this.end();
      else if (c === "$" && !this.expanding()) this.expand();
      else if (c === "'" || c === '"') this.quoted(c);
      else if (c !== undefined && WORD_BEGINS.test(c)) this.word(c);
      else if (c !== undefined) this.add("mark", c);
    }
    this.end();
    return this.tokens;
  }

  /** One character outside of quotes. */
  private next(): string | undefined {
    while (this.rest.startsWith("\\\n")) {
      this.rest = this.rest.slice(2);
      this.line++;
    }
    if (this.rest.startsWith("\\")) this.rest = this.rest.slice(1);
    return this.raw();
  }

  private raw(): string | undefined {
    const c = this.rest[0];
    this.rest = this.rest.slice(1);
    return c;
  }

  private expanding(): boolean {
    return this.outside !== undefined && this.rest.length >= this.outside;
  }

  private comment(): string | undefined {
    let c = this.next();
    while (c !== undefined && c !== "\n") c = this.next();
    return c;
  }

  private word(first: string): void {
    let text = first;
    for (;;) {
      const before = { rest: this.rest, line: this.line };
      const c = this.next();
      if (c === undefined || !WORD_GOES_ON.test(c)) {
        this.rest = before.rest;
        this.line = before.line;
        break;
      }
      text += c;
    }
    this.add("word", text);
  }

  private quoted(quote: string): void {
    let text = "";
    for (let c = this.raw(); c !== undefined && c !== quote; c = this.raw()) {
      if (c === "\n") {
        this.line++;
      } else if (c === "\\") {
        const next = this.rest[0] ?? "";
        if ([quote, " ", "\t", "\n"].includes(next)) this.rest = this.rest.slice(1);
        if (next === "\n") this.line++;
        else text += [quote, " ", "\t"].includes(next) ? next : c;
      } else {
        text += c;
      }
    }
    this.add("quoted", text);
  }

  private expand(): void {
    const name = /^\w*/.exec(this.rest)?.[0] ?? "";
    const after = this.rest.slice(name.length);
    this.outside = after.length + 1;
    this.rest = (this.macros.get(name) ?? "") + after;
  }

  private end(): void {
    this.define();
    this.add("end", "\n");
    this.line++;
  }

  /** A line `name = value`: the value's parts are joined by a blank. */
  private define(): void {
    const begin = this.tokens.map(({ kind }) => kind).lastIndexOf("end") + 1;
    const [name, equals, ...parts] = this.tokens.slice(begin);
    if (name?.kind !== "word" || equals?.text !== "=" || parts.length === 0) return;
    const value = parts.map(({ text }) => text).join(" ");
    if (value.length <= LONGEST) this.macros.set(name.text, value);
  }

  private add(kind: PfToken["kind"], text: string): void {
    this.tokens.push({ kind, text, line: this.line });
  }
}
