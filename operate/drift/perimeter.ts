import type { StateLine } from "../../render/perimeter/marks";
import { queryPieces } from "../perimeter/query";
import { type Machine, machines, type Piece } from "../perimeter/machines";
import type { PerimeterOutput } from "../../contract/perimeter";
import type { DriftFinding } from "../../contract/documents/operate";
import type { Drift, DriftSource } from "./finding";

/** The machines around the gateway, each in one SSH connection. */
export function perimeterSources(
  perimeter: PerimeterOutput | undefined,
  signal: AbortSignal,
): DriftSource[] {
  return machines(perimeter).map((machine) => async () => {
    return comparePieces(machine, await queryPieces(machine, signal));
  });
}

/** Pure. */
export function comparePieces(
  { pieces }: Pick<Machine, "pieces">,
  told: ReadonlyMap<string, readonly StateLine[]>,
): Drift {
  const lines = pieces.flatMap((piece) =>
    (told.get(piece.name) ?? []).map((line) => ({ piece, line })),
  );
  return {
    findings: lines.flatMap(({ piece, line }) => finding(piece, line)),
    notes: lines.flatMap(({ line: { state, detail } }) =>
      state === "advice" ? [`perimeter: ${detail}`] : [],
    ),
    unknown: [],
  };
}

const PROBLEMS: Readonly<Record<string, string>> = {
  missing: "is not there",
  changed: "was changed",
  unkept: "would not outlive a reboot",
  foreign: "meets a setting of another origin there",
};

/** No step needs a mark: the next preview reads the machine itself. */
function finding({ name, kind }: Piece, { state, detail }: StateLine): DriftFinding[] {
  const problem = PROBLEMS[state];
  if (problem === undefined) return [];
  return [
    {
      kind: "perimeter",
      what: name,
      problem: `${problem}: ${detail}`,
      steps: [],
      fix: state === "foreign" ? STRANGER[kind] : "pulumi up puts it back",
    },
  ];
}

const STRANGER: Readonly<Record<Piece["kind"], string>> = {
  foundation: "correct it there",
  forward: "remove that rule, or leave the forward to it with driver: manual",
  route: "remove that route, or leave the network out",
};
