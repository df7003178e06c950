import { allProposals, type Proposal } from "../../config/proposals";
import type { PhaseUse, TunnelStatus } from "../../contract/documents/status";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { ProposalRecord, SeenAlgorithms } from "../../parse/proposalRecord";
import { fitting, type Named } from "./chosen";
import { fullName } from "./differences";

/** For so many days nobody may have chosen an older proposal before it is said to be of no use. */
export const UNUSED_DAYS = 7;

/** When SAs of which proposals were last seen, by the gateway's record; undefined where it has none. */
export function proposalUse(
  tunnel: DeclaredTunnel,
  record: ProposalRecord | undefined,
): TunnelStatus["proposals"] {
  const { phase1, phase2 } = allProposals(tunnel);
  if (!record) return undefined;
  const uses = { phase1: phaseUse(phase1, record, 1), phase2: phaseUse(phase2, record, 2) };
  if (!uses.phase1 && !uses.phase2) return undefined;
  return { since: dateOf(record.since), looked: dateOf(record.looked), ...uses };
}

function phaseUse(
  proposals: readonly Proposal<Named>[],
  { since, seen }: ProposalRecord,
  phase: 1 | 2,
): PhaseUse | undefined {
  if (proposals.length < 2) return undefined;
  const last = new Map<number, number>();
  const untold: number[] = [];
  for (const one of seen) {
    if (one.phase !== phase) continue;
    const [only, another] = fitting(proposals, phase === 1 ? one : byFullName(one));
    if (another !== undefined && one.untold) untold.push(one.day);
    else if (only !== undefined && another === undefined) {
      last.set(only, Math.max(one.day, last.get(only) ?? 0));
    }
  }
  const places = proposals.map((_, place) => place);
  const unused = places.slice(1).filter((place) => {
    const quietFrom = Math.max(since, last.get(place) ?? 0, ...untold);
    // Days on which the tunnel was not there say nothing: they count up to the last that saw a preferred one.
    const preferred = Math.max(...places.slice(0, place).map((better) => last.get(better) ?? 0));
    return preferred - quietFrom >= UNUSED_DAYS;
  });
  return {
    of: proposals.length,
    used: places.flatMap((place) => {
      const day = last.get(place);
      return day === undefined ? [] : [{ number: place + 1, last: dateOf(day) }];
    }),
    untold: untold.length === 0 ? undefined : dateOf(Math.max(...untold)),
    unused: unused.map((place) => place + 1),
  };
}

/** Of a child SA gwctl keeps the names that ipsecctl prints. */
function byFullName(seen: SeenAlgorithms): SeenAlgorithms {
  return {
    ...seen,
    encryption: fullName("encryption", seen.encryption),
    integrity: fullName("hash", seen.integrity),
  };
}

const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const PHASES = [1, 2] as const;

/** What is to be said of a tunnel whose older proposals nobody chooses any more. */
export function unusedProposals({ proposals }: TunnelStatus): string[] {
  return eachUse(proposals).flatMap(({ phase, use, last }) =>
    use.unused.map(
      (number) => `phase ${phase}: remove proposal ${number} of ${use.of}: ${last(number)}`,
    ),
  );
}

/** What the record says: between which days, and of each phase when its older proposals were last in use. */
export function useLines({ proposals }: TunnelStatus): string[] {
  if (!proposals) return ["no record yet, which the watchdog keeps"];
  const { since, looked } = proposals;
  return [
    `seen from ${since} to ${looked} (UTC)`,
    ...eachUse(proposals).map(({ phase, use, last }) => {
      const older = Array.from({ length: use.of - 1 }, (_, place) => place + 2);
      const said = older.map((number) => `proposal ${number} ${last(number)}`);
      const untold = use.untold === undefined ? [] : [`by which one on ${use.untold} is not known`];
      return `phase ${phase}: ${[...said, ...untold].join("; ")}`;
    }),
  ];
}

function eachUse(proposals: TunnelStatus["proposals"]) {
  return PHASES.flatMap((phase) => {
    const use = proposals?.[`phase${phase}`];
    if (!proposals || !use) return [];
    const last = (number: number) =>
      lastText(proposals, use.used.find((one) => one.number === number)?.last);
    return [{ phase, use, last }];
  });
}

function lastText(
  { since, looked }: NonNullable<TunnelStatus["proposals"]>,
  last: string | undefined,
): string {
  if (last === undefined) return `not in use since ${since}`;
  if (last === looked) return `in use on ${last}`;
  // Of the days before the record was whole nothing is known but what was seen.
  return last < since
    ? `seen on ${last}, and not since ${since}`
    : `last in use on ${last}, and not since`;
}
