import { type DraftTunnel, resolveTunnel } from "../../config/draft";
import { excusable } from "../../config/excusable";
import type { Problem } from "../../config/problems";
import { findProblems } from "../../config/rules";
import { type Daemon, sections, tunnelSchema } from "../../config/schema";
import { checkShape } from "../../config/shape";
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
  const ike = checkShape(sections.ike, { daemon, ...settings }, ["ike"]);
  const misshapen = "problems" in ike ? ike.problems : [];
  const problemsOf = (some: readonly ImportedTunnel[]) => rulesOn(daemon, some, keys, today);
  const needsOf = (tunnel: ImportedTunnel) =>
    draftsOf(daemon, [tunnel]).drafts.flatMap((draft) =>
      excusable(draft, { ike: sections.ike.parse({ daemon }), secrets: keys }),
    );
  const more: Note[] = [];
  const excepted = tunnels.map((tunnel, index) => {
    const place = places[index];
    const exception = { reason: `imported from ${place?.file ?? "a file"}`, expires };
    const allowed = { ...tunnel, exception };
    if (problemsOf([allowed]).length >= problemsOf([tunnel]).length) return tunnel;
    const needs = needsOf(tunnel);
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

function rulesOn(
  daemon: Daemon,
  tunnels: readonly ImportedTunnel[],
  keys: ReadonlyMap<string, string>,
  today: string,
): Problem[] {
  const ike = sections.ike.parse({ daemon });
  const { drafts, misshapen } = draftsOf(daemon, tunnels);
  const { errors } = findProblems({ ike, tunnels: drafts, secrets: new Map(keys), today });
  return [...misshapen, ...errors];
}

function draftsOf(daemon: Daemon, tunnels: readonly ImportedTunnel[]) {
  const ike = sections.ike.parse({ daemon });
  const misshapen: Problem[] = [];
  const drafts = tunnels.flatMap((value, index): DraftTunnel[] => {
    const checked = checkShape(tunnelSchema, value, ["tunnels", index]);
    if ("problems" in checked) {
      misshapen.push(...checked.problems);
      return [];
    }
    const path = `tunnels[${index}]`;
    // The identity of a tunnel without localId comes from the network, which is not known here.
    return [{ path, tunnel: resolveTunnel(checked.value, ike, ""), declared: checked.value }];
  });
  return { drafts, misshapen };
}
