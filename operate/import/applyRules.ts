import { checkPart } from "../../config/checkPart";
import { draftTunnel } from "../../config/draftTunnel";
import { excusable } from "../../config/excusable";
import { nothingKnown } from "../../config/known";
import type { Problem } from "../../config/problems";
import { findProblems } from "../../config/rules";
import { type Daemon, type Ike, sections } from "../../config/schema";
import type { IkeSettings, ImportedTunnel } from "./candidate";
import type { Note, Notes } from "./note";

interface Case {
  readonly daemon: Daemon;
  readonly settings: IkeSettings;
  readonly tunnels: readonly ImportedTunnel[];
  readonly keys: ReadonlyMap<string, string>;
  /** Where each tunnel was found. */
  readonly places: readonly Omit<Note, "kind" | "reason" | "fix">[];
  readonly notes: Notes;
  readonly today: string;
}

interface RulesApplied {
  readonly tunnels: readonly ImportedTunnel[];
  readonly notes: readonly Note[];
  readonly problems: readonly Problem[];
}

export const EXCEPTION_DAYS = 90;

/**
 * What the stack's rules say of the tunnels alone. A tunnel that they refuse without an exception
 * and accept with one gets one: what it allows is in use, and a note says until when.
 */
export function applyRules({
  daemon,
  settings,
  tunnels,
  keys,
  places,
  notes,
  today,
}: Case): RulesApplied {
  const expires = new Date(Date.parse(today) + EXCEPTION_DAYS * 86_400_000)
    .toISOString()
    .slice(0, 10);
  const { ike, problems: misshapen } = ikeOf({ daemon, ...settings });
  const problemsOf = (some: readonly ImportedTunnel[]) => rulesOn(ike, some, keys, today);
  // An exception is for a tunnel; the certificates are looked at once, with all of them.
  const { ike: alone } = ikeOf({ daemon, ...settings, certificates: undefined });
  const problemsAlone = (tunnel: ImportedTunnel) => rulesOn(alone, [tunnel], keys, today).length;
  const needsOf = (tunnel: ImportedTunnel) =>
    draftsOf(ike, [tunnel]).drafts.flatMap((draft) => excusable(draft, { ike, secrets: keys }));
  const more: Note[] = [];
  const excepted = tunnels.map((tunnel, index) => {
    const place = places[index];
    const exception = { reason: `imported from ${place?.file ?? "a file"}`, expires };
    const allowed = { ...tunnel, exception };
    const needs = needsOf(tunnel);
    if (needs.length === 0 || problemsAlone(allowed) >= problemsAlone(tunnel)) return tunnel;
    more.push({
      ...place,
      kind: "changed",
      reason: `is allowed until ${expires} only: ${needs.map(({ short }) => short).join(", ")}`,
      fix: `${[...new Set(needs.map(({ remedy }) => remedy))].join(", ")}, then remove exception`,
    });
    return allowed;
  });
  return {
    tunnels: excepted,
    notes: [...notes.all, ...more],
    problems: [...misshapen, ...problemsOf(excepted)],
  };
}

function ikeOf(written: Partial<Ike>) {
  const { known, problems } = checkPart(sections.ike, written, ["ike"], "ike");
  return { ike: known?.value ?? nothingKnown("ike"), problems };
}

function rulesOn(
  ike: Ike,
  tunnels: readonly ImportedTunnel[],
  keys: ReadonlyMap<string, string>,
  today: string,
): Problem[] {
  const { drafts, misshapen } = draftsOf(ike, tunnels);
  const { errors } = findProblems({ ike, tunnels: drafts, secrets: keys, today });
  return [...misshapen, ...errors];
}

function draftsOf(ike: Ike, tunnels: readonly ImportedTunnel[]) {
  // The identity of a tunnel without localId comes from the network, which is not known here.
  const network = { publicAddress: "" };
  const read = tunnels.map((value, index) =>
    draftTunnel(value, ["tunnels", index], { ike, network }),
  );
  return {
    drafts: read.flatMap(({ draft }) => draft ?? []),
    misshapen: read.flatMap(({ problems }) => problems),
  };
}
