import { family } from "../net";
import { type PfToken, pfTokens } from "../pfTokens";
import { finding, type Rule } from "./rule";

const PATH = "system.pfRules";

/** After these pfctl(8) wants addresses, and resolves what is none (parse.y: fromto, redirspec, divert-to). */
const BEFORE_HOSTS = new Set([
  ...["from", "to", "nat-to", "rdr-to", "binat-to", "af-to"],
  ...["route-to", "reply-to", "dup-to", "divert-to"],
]);
/** After these a brace opens a list, and not the rules of an anchor. */
const BEFORE_LISTS = new Set([
  ...BEFORE_HOSTS,
  ...["on", "received-on", "proto", "port", "os", "user", "group", "icmp-type", "icmp6-type"],
]);
const NO_NAMES = new Set(["any", "self", "no-route", "urpf-failed", "weight"]);

export const rulesOnly: Rule = {
  code: "GW083",
  check: ({ system }) =>
    statements(pfTokens(system?.pfRules ?? "")).flatMap(([first]) =>
      first?.kind === "word" && ["set", "include", "load"].includes(first.text)
        ? [
            finding(
              PATH,
              `line ${first.line} starts with ${first.text}`,
              "write rules, tables and macros only",
            ),
          ]
        : [],
    ),
};

export const addressesOnly: Rule = {
  code: "GW160",
  check: ({ system }) =>
    namesIn(pfTokens(system?.pfRules ?? "")).map(({ text, line }) =>
      finding(
        PATH,
        `line ${line} has the name ${text} in the place of an address`,
        "write an address, or an interface in parentheses, such as (vio0)",
      ),
    ),
};

export const tablesInPlace: Rule = {
  code: "GW161",
  check: ({ system }) =>
    statements(pfTokens(system?.pfRules ?? ""))
      .filter(([first]) => first?.kind === "word" && first.text === "table")
      .flatMap((tokens) => tokens.filter(({ kind, text }) => kind === "word" && text === "file"))
      .map(({ line }) =>
        finding(PATH, `line ${line} reads a table from a file`, "write its addresses in braces"),
      ),
};

/** The words of each statement, of some none; those of an anchor's braces are statements too. */
function statements(tokens: readonly PfToken[]): PfToken[][] {
  const found: PfToken[][] = [];
  let open: PfToken[] = [];
  let lists = 0;
  const close = (): void => {
    found.push(open);
    open = [];
  };
  for (const token of tokens) {
    const { kind, text } = token;
    const before = open.at(-1);
    if (kind === "mark" && text === "{") {
      const list = lists > 0 || open[0]?.text !== "anchor" || BEFORE_LISTS.has(before?.text ?? "");
      if (list) lists++;
      else close();
    } else if (kind === "mark" && text === "}" && lists > 0) {
      lists--;
    } else if (kind === "end" && lists === 0) {
      close();
    }
    if (kind === "word" || kind === "quoted") open.push(token);
  }
  close();
  return found;
}

function namesIn(tokens: readonly PfToken[]): PfToken[] {
  const found: PfToken[] = [];
  let parentheses = 0;
  let table = false;
  tokens.forEach(({ kind, text }, index) => {
    if (kind === "mark" && text === "(") parentheses++;
    if (kind === "mark" && text === ")") parentheses--;
    if (kind === "word" && text === "table") table = true;
    // `log (to pflog1)` is no address.
    const hosts = kind === "word" && BEFORE_HOSTS.has(text) && parentheses === 0;
    const entries = kind === "mark" && text === "{" && table;
    if (hosts || entries) found.push(...namesAt(tokens, entries ? index : index + 1));
    if (entries || kind === "end") table = false;
  });
  return found;
}

/** The names in one host specification, or in the list of them, that begins there. */
function namesAt(tokens: readonly PfToken[], begin: number): PfToken[] {
  const found: PfToken[] = [];
  let depth = 0;
  for (let at = begin; at < tokens.length; at++) {
    const token = tokens[at];
    const text = token?.text ?? "";
    if (token?.kind === "mark") {
      if (text === "{") depth++;
      else if (text === "}") depth--;
      else if (text === "(" || text === "<") at = closing(tokens, at, text === "(" ? ")" : ">");
    } else if (token?.kind === "word" && text === "route") {
      at++;
    } else if (token?.kind === "word" && text === "port") {
      return found;
    } else if (token && token.kind !== "end" && !isAddress(text) && !NO_NAMES.has(text)) {
      found.push(token);
    }
    if (depth <= 0 && !goesOn(tokens[at], tokens[at + 1])) return found;
  }
  return found;
}

function closing(tokens: readonly PfToken[], from: number, mark: string): number {
  const at = tokens.findIndex(({ kind, text }, i) => i > from && kind === "mark" && text === mark);
  return at < 0 ? tokens.length : at;
}

/** `! host` and `first - last` are one specification. */
function goesOn(token: PfToken | undefined, next: PfToken | undefined): boolean {
  const marks = (one: PfToken | undefined, texts: string[]) =>
    one?.kind === "mark" && texts.includes(one.text);
  return marks(token, ["!", "-"]) || marks(next, ["-"]);
}

function isAddress(text: string): boolean {
  return /^[\d.]+$/.test(text) || family(text.replace(/%\w+$/, "")) === 6;
}
