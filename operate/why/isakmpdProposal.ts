import { nameOfConstant } from "../../config/algorithms/daemonWords";
import type { LogLine } from "../../parse/daemonLog";
import { ISAKMPD } from "../../parse/logForms/isakmpd";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { Cause, CauseCode } from "../../contract/documents/why";
import * as causes from "./causes";
import { evidenceOf, within } from "./evidence";
import type { Scene } from "./isakmpdScene";
import { droppedFor } from "./isakmpdLines";
import * as proposals from "./proposalCauses";

/** In the order in which a transform is gone through: what is turned down later came further. */
const ATTRIBUTES: Readonly<Record<string, readonly [field: string, code: CauseCode]>> = {
  ENCRYPTION_ALGORITHM: ["phase1.encryption", "phase1-proposal"],
  HASH_ALGORITHM: ["phase1.integrity", "phase1-proposal"],
  AUTHENTICATION_METHOD: ["psk", "authentication"],
  GROUP_DESCRIPTION: ["phase1.group", "phase1-group"],
  LIFE_DURATION: ["phase1.lifetime", "phase1-lifetime"],
};
const ORDER = Object.keys(ATTRIBUTES);

interface TurnedDown {
  readonly name: string;
  /** As it is declared; isakmpd's constant where that stands for several. */
  readonly got: string;
  readonly expected: string;
}

/**
 * None of the peer's transforms was taken. isakmpd tries each of them and names the first attribute of each that
 * does not fit; the one that came furthest is the one to look at.
 */
export function proposalCause({ facts, since, phase1Done }: Scene, line: LogLine): Cause {
  const { tunnel } = facts;
  const told = since.indexOf(line);
  // The line that says whose message it was comes after the one that says what it is dropped for.
  const reason = ISAKMPD.noProposal.form.test(since[told - 1]?.message ?? "") ? told - 1 : told;
  const place = DROPPED.test(line.message) ? reason : told;
  const before = attributesBefore(since, place);
  const dropped = since.slice(place, place + 2).filter(({ message }) => DROPPED.test(message));
  const port = ISAKMPD.dropped.form.exec(dropped[0]?.message ?? "")?.[2];
  const shown = [...new Set([...before, ...since.slice(place, place + 1), ...dropped])];
  const evidence = evidenceOf(shown, /^/);
  if (before.some(({ message }) => ISAKMPD.lifeType.form.test(message))) {
    return proposals.kilobytes(tunnel, evidence);
  }
  const turnedDown = before.flatMap(({ message }) => attributeOf(message) ?? []);
  const rank = Math.max(...turnedDown.map(({ name }) => ORDER.indexOf(name)));
  const furthest = turnedDown.filter(({ name }) => ORDER.indexOf(name) === rank);
  const [first] = furthest;
  if (first) return attribute(tunnel, first, furthest, evidence);
  if (phase1Done || port === "4500") return proposals.taken(tunnel, 2, evidence);
  return proposals.keyLength(tunnel, evidence);
}

const DROPPED = droppedFor("NO_PROPOSAL_CHOSEN").form;

/** The lines right before it: one that a transform was taken after is not among them. */
function attributesBefore(since: readonly LogLine[], place: number): readonly LogLine[] {
  const end = since[place];
  let first = place;
  for (; first > 0; first--) {
    const line = since[first - 1];
    if (!line || !end || !within(1, line, end) || !line.message.startsWith(ABOUT_ATTRIBUTES)) break;
  }
  return since.slice(first, place);
}

const ABOUT_ATTRIBUTES = "attribute_unacceptable: ";

function attributeOf(message: string): TurnedDown | undefined {
  const [, name, got, expected] = ISAKMPD.attribute.form.exec(message) ?? [];
  return name !== undefined && got !== undefined && expected !== undefined && ORDER.includes(name)
    ? { name, got: nameOfConstant("isakmpd", got), expected: nameOfConstant("isakmpd", expected) }
    : undefined;
}

function attribute(
  tunnel: DeclaredTunnel,
  { name, expected }: TurnedDown,
  all: readonly TurnedDown[],
  evidence: Cause["evidence"],
): Cause {
  const [field, code] = ATTRIBUTES[name] ?? ["phase1", "phase1-proposal"];
  const got = [...new Set(all.map((one) => one.got))].join(" or ");
  if (name === "AUTHENTICATION_METHOD") return causes.method(tunnel, evidence);
  if (expected === "3des" && tunnel.phase1.encryption !== "3des") {
    return proposals.byDefaults(tunnel, evidence);
  }
  return {
    code,
    phase: "phase 1",
    field,
    what: `no agreement on phase 1: ${field}: we want ${expected}, the peer offers ${got}`,
    evidence,
    fix: `set ${field} of ${tunnel.name} to the peer's, or have the peer change`,
    tell: `Phase 1 does not match in ${name}: you offer ${got}, we want ${expected}.`,
  };
}
