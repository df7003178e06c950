import { attempt, Cursor } from "../bsdConf/cursor";
import { type ConfFile, readStatements, type Statement } from "../bsdConf/statements";
import type { NotUnderstood, Place } from "../bsdConf/token";
import { KEYWORDS } from "./keywords";
import { type Policy, policy } from "./policy";
import { type Setting, setting } from "./setting";

export type { Authentication, ConfigValue, Flow, Policy, Proposal } from "./policy";
export type { Setting } from "./setting";

/** A statement that is recognised by its first word and not taken apart. */
export interface OtherStatement extends Place {
  /** A rule of ipsec.conf, which iked skips, a user of EAP, or the RADIUS settings. */
  readonly kind: "ipsecRule" | "user" | "radius";
}

export interface IkedConf {
  /** In the order of the file; the last one that matches wins. Holds keys. */
  readonly policies: readonly (Policy & Place)[];
  readonly settings: readonly (Setting & Place)[];
  readonly others: readonly OtherStatement[];
  readonly notUnderstood: readonly NotUnderstood[];
}

/** What iked skips: the rules of ipsec.conf (iked/parse.y, otherrule). */
const SKIPPED = new Set(["ike", "flow", "tcpmd5", "sa", "from", "to", "tunnel", "transport"]);

/** What an iked.conf says (iked.conf(5)). Never throws, whatever the text. */
export function parseIkedConf(file: ConfFile): IkedConf {
  const { statements, notUnderstood } = readStatements(file, KEYWORDS);
  const policies: (Policy & Place)[] = [];
  const settings: (Setting & Place)[] = [];
  const others: OtherStatement[] = [];
  const strange: NotUnderstood[] = [...notUnderstood];
  for (const statement of statements) {
    const place = { file: statement.file, line: statement.line };
    const result = attempt(() => understand(statement));
    if ("reason" in result) strange.push({ ...place, reason: result.reason });
    else if ("policy" in result.value) policies.push({ ...place, ...result.value.policy });
    else if ("setting" in result.value) settings.push({ ...place, ...result.value.setting });
    else others.push({ ...place, ...result.value });
  }
  return { policies, settings, others, notUnderstood: strange };
}

type Understood =
  | { readonly policy: Policy }
  | { readonly setting: Setting }
  | { readonly kind: OtherStatement["kind"] };

function understand(statement: Statement): Understood {
  const cursor = new Cursor(statement, KEYWORDS);
  const whole = <T>(value: T): T => {
    cursor.end();
    return value;
  };
  if (cursor.take("ikev2")) return whole({ policy: policy(cursor) });
  if (cursor.take("set")) return whole({ setting: setting(cursor) });
  const [first] = statement.tokens;
  const word = first?.kind === "word" ? first.text : "";
  if (word === "user" || word === "radius") return { kind: word };
  if (SKIPPED.has(word)) return { kind: "ipsecRule" };
  return cursor.fail("no statement of iked.conf(5)");
}
