/**
 * pf.conf(5), read by its GRAMMAR as far as a gateway's ruleset goes. Written from the manual page and
 * not from the renderer: a word that stands where the grammar has none is an error.
 */
export interface Rule {
  readonly action: "pass" | "block" | "match";
  readonly direction?: "in" | "out";
  readonly quick: boolean;
  /** Names of interfaces; empty for all. */
  readonly on: readonly string[];
  readonly family?: "inet" | "inet6";
  readonly protocols: readonly string[];
  readonly from: End;
  readonly to: End;
  /** icmp-type or icmp6-type. */
  readonly types: readonly string[];
  readonly tag?: string;
  readonly tagged?: string;
  readonly ifBound: boolean;
  /** The most states of all sources, and of one, where the rule has such limits. */
  readonly max?: number;
  readonly maxPerSource?: number;
  readonly natTo?: string;
  readonly staticPort?: boolean;
  readonly rdrTo?: string;
  /** Of either translation: the host's part of the address stays. */
  readonly bitmask?: boolean;
  readonly maxMss?: number;
}

export interface End {
  /** Networks, `<table>`, `(interface)`, `(self)`; empty for any. */
  readonly hosts: readonly string[];
  readonly ports: readonly string[];
}

export interface Ruleset {
  readonly tables: ReadonlyMap<string, readonly string[]>;
  readonly options: readonly string[];
  readonly rules: readonly Rule[];
  readonly anchors: readonly string[];
}

export function parsePf(text: string): Ruleset {
  const macros = new Map<string, string>();
  const tables = new Map<string, readonly string[]>();
  const [options, anchors]: [string[], string[]] = [[], []];
  const rules: Rule[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.replace(/#.*/, "").trim();
    if (line === "") continue;
    const macro = /^([A-Za-z]\w*) = "([^"]*)"$/.exec(line);
    if (macro) {
      macros.set(macro[1] ?? "", macro[2] ?? "");
      continue;
    }
    const words = new Words(line, macros);
    if (words.take("set")) options.push(words.rest());
    else if (words.take("table")) tables.set(words.next(), table(words));
    else if (words.take("anchor") || words.take("load")) anchors.push(words.rest());
    else rules.push(rule(words));
  }
  return { tables, options, rules, anchors };
}

class Words {
  private readonly words: string[];

  constructor(
    private readonly line: string,
    macros: ReadonlyMap<string, string>,
  ) {
    const split = (text: string) => text.match(/"[^"]*"|[{}(),]|[^\s{}(),"]+/g) ?? [];
    this.words = split(line).flatMap((word) =>
      word.startsWith("$") ? split(macros.get(word.slice(1)) ?? this.fail(word)) : [word],
    );
  }

  take(...expected: string[]): string | undefined {
    return expected.includes(this.words[0] ?? "") ? this.words.shift() : undefined;
  }

  next(): string {
    return this.words.shift() ?? this.fail("its end");
  }

  expect(word: string): void {
    if (this.take(word) === undefined) this.fail(this.words[0] ?? "its end");
  }

  rest(): string {
    return this.words.splice(0).join(" ");
  }

  end(): void {
    if (this.words.length > 0) this.fail(this.words[0] ?? "");
  }

  /** One item, or several in braces with or without commas. */
  list(one: () => string = () => this.next()): string[] {
    if (!this.take("{")) return [one()];
    const items: string[] = [];
    while (!this.take("}")) {
      items.push(one());
      this.take(",");
    }
    return items;
  }

  fail(at: string): never {
    throw new Error(`not in the grammar of pf.conf at ${at}: ${this.line}`);
  }
}

function table(words: Words): string[] {
  words.take("const");
  const entries = words.list();
  words.end();
  return entries;
}

function rule(words: Words): Rule {
  const action = words.take("pass", "block", "match") ?? words.fail("its start");
  if (action === "block") words.take("drop", "return");
  const direction = words.take("in", "out");
  words.take("log");
  const quick = words.take("quick") !== undefined;
  const on = words.take("on") ? words.list() : [];
  const family = words.take("inet", "inet6");
  const protocols = words.take("proto") ? words.list() : [];
  if (words.take("all")) return finish({ from: ANY, to: ANY });
  const from = words.take("from") ? end(words) : ANY;
  const to = words.take("to") ? end(words) : ANY;
  return finish({ from, to });

  function finish(ends: Pick<Rule, "from" | "to">): Rule {
    const start = { action, direction, quick, on, family, protocols, ...ends };
    const found = { ...start, types: [], ifBound: false, ...filterOptions(words) };
    words.end();
    return found as Rule;
  }
}

const ANY: End = { hosts: [], ports: [] };

function end(words: Words): End {
  const host = (): string => {
    if (!words.take("(")) return words.next();
    const name = words.next();
    words.expect(")");
    return `(${name})`;
  };
  const hosts = words.take("any") ? [] : words.list(host);
  return { hosts, ports: words.take("port") ? words.list() : [] };
}

type Options = Partial<
  Pick<
    Rule,
    | "types"
    | "tag"
    | "tagged"
    | "ifBound"
    | "max"
    | "maxPerSource"
    | "natTo"
    | "staticPort"
    | "rdrTo"
    | "bitmask"
    | "maxMss"
  >
>;

function stateOptions(words: Words): Options {
  let options: Options = {};
  words.expect("(");
  do {
    if (words.take("sloppy")) continue;
    if (words.take("if-bound")) options = { ...options, ifBound: true };
    else if (words.take("max")) options = { ...options, max: Number(words.next()) };
    else if (words.take("source-track")) words.take("rule", "global");
    else {
      words.expect("max-src-states");
      options = { ...options, maxPerSource: Number(words.next()) };
    }
  } while (words.take(","));
  words.expect(")");
  return options;
}

function filterOptions(words: Words): Options {
  const unquoted = (word: string) => word.replace(/^"(.*)"$/, "$1");
  let options: Options = {};
  for (;;) {
    if (words.take("icmp-type", "icmp6-type")) options = { ...options, types: words.list() };
    else if (words.take("flags")) words.expect("any");
    else if (words.take("tag")) options = { ...options, tag: unquoted(words.next()) };
    else if (words.take("tagged")) options = { ...options, tagged: unquoted(words.next()) };
    else if (words.take("nat-to")) {
      options = {
        ...options,
        natTo: words.next(),
        bitmask: words.take("bitmask") !== undefined,
        staticPort: words.take("static-port") !== undefined,
      };
    } else if (words.take("rdr-to")) {
      options = {
        ...options,
        rdrTo: words.next(),
        bitmask: words.take("bitmask") !== undefined,
      };
    } else if (words.take("keep")) {
      words.expect("state");
      options = { ...options, ...stateOptions(words) };
    } else if (words.take("scrub")) {
      words.expect("(");
      words.expect("max-mss");
      options = { ...options, maxMss: Number(words.next()) };
      words.expect(")");
    } else return options;
  }
}
