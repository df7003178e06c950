import { attempt, Cursor } from "../bsdConf/cursor";
import { type ConfFile, readStatements, type Statement } from "../bsdConf/statements";
import type { NotUnderstood, Place } from "../bsdConf/token";
import { type IkeRule, ikeRule } from "./ikeRule";
import { KEYWORDS } from "./keywords";

export type { IkeRule, Transforms } from "./ikeRule";

/** A statement that is recognised by its first word and not taken apart. */
export interface OtherRule extends Place {
  /** A flow without IKE, an SA with keys by hand, or one for TCP MD5. */
  readonly kind: "flow" | "sa" | "tcpmd5";
  /** Of a flow: `require`, `bypass`, `deny` … as written. */
  readonly type?: string;
}

export interface IpsecConf {
  /** In the order of the file. Holds keys. */
  readonly rules: readonly (IkeRule & Place)[];
  readonly others: readonly OtherRule[];
  readonly notUnderstood: readonly NotUnderstood[];
}

const SA_STARTS = new Set(["esp", "ah", "ipcomp", "ipip", "tunnel", "transport", "from", "to"]);

/** What an ipsec.conf says (ipsec.conf(5)). Never throws, whatever the text. */
export function parseIpsecConf(file: ConfFile): IpsecConf {
  const { statements, notUnderstood } = readStatements(file, KEYWORDS);
  const rules: (IkeRule & Place)[] = [];
  const others: OtherRule[] = [];
  const strange: NotUnderstood[] = [...notUnderstood];
  for (const statement of statements) {
    const place = { file: statement.file, line: statement.line };
    const kind = kindOf(statement);
    if (kind === undefined) strange.push({ ...place, reason: "no statement of ipsec.conf(5)" });
    else if (kind !== "ike") others.push({ ...place, kind, ...flowType(statement) });
    else {
      const cursor = new Cursor(statement, KEYWORDS);
      const result = attempt(() => {
        cursor.take("ike");
        const rule = ikeRule(cursor);
        cursor.end();
        return rule;
      });
      if ("value" in result) rules.push({ ...place, ...result.value });
      else strange.push({ ...place, reason: result.reason });
    }
  }
  return { rules, others, notUnderstood: strange };
}

function kindOf({ tokens: [first] }: Statement): OtherRule["kind"] | "ike" | undefined {
  if (first?.kind !== "word") return undefined;
  const { text } = first;
  if (text === "ike" || text === "flow" || text === "tcpmd5") return text;
  return SA_STARTS.has(text) ? "sa" : undefined;
}

function flowType({ tokens }: Statement): { type?: string } {
  const index = tokens.findIndex(({ kind, text }) => kind === "word" && text === "type");
  const type = tokens[index + 1]?.text;
  return index >= 0 && type !== undefined && KEYWORDS.has(type) ? { type } : {};
}
