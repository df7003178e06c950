import type { TunnelState } from "../../../contract/documents/status";
import { SITES } from "../../../lab/network/sites";
import { outputOn } from "../../../lab/verify/namespaces";
import { askUntil } from "../../../operate/askUntil";
import { onGateway } from "./lab";
import type { Values } from "./stackFile";

/** Where a command runs: `office` and `branch` are hosts on the LANs of the two ends. */
type Machine = "gateway" | "office" | "branch";

/**
 * On MACHINE, COMMAND prints PATTERN (YES), or does not (NO). HOST and PEER in both are the scenario's host
 * behind the peer and the peer's address. A YES waits until the command has printed it; a NO is asked once.
 */
export type Row = readonly [machine: Machine, command: string, pattern: RegExp, seen: "YES" | "NO"];

type Difference = Readonly<Record<string, unknown>>;

/** A tunnel to one of the lab's branches, and what is true while it is declared. */
export interface Scenario {
  readonly name: string;
  /** What differs from the plain tunnel; `undefined` takes a key out. A profile takes the place of both phases. */
  readonly tunnel: Difference | ((branch: Branch) => Difference);
  /** What `gateway status` calls it; several: one of them, as the daemon tries again and again. */
  readonly state: TunnelState | readonly TunnelState[];
  readonly rows: readonly Row[];
}

const BRANCHES = SITES.filter(({ name }) => name === "branches");
const DEADLINE_MS = 120_000;
const POLL_MS = 500;
const ATTEMPT_SECONDS = "15";

export type Branch = (typeof BRANCHES)[number];

/** The branch that a scenario leads to, by its place in the table. */
export function branchOf(index: number): Branch {
  const branch = BRANCHES[index];
  if (branch === undefined) throw new Error(`the lab has ${BRANCHES.length} branches only`);
  return branch;
}

/** Declares the tunnels of a table in place of the stack's own, with the algorithms of these. */
export function declare(values: Values, scenarios: readonly Scenario[]): void {
  const algorithms = {
    phase1: values.get("tunnels.0.phase1"),
    phase2: values.get("tunnels.0.phase2"),
  };
  const tunnels = scenarios.map(({ name, tunnel }, index) => {
    const branch = branchOf(index);
    const difference = typeof tunnel === "function" ? tunnel(branch) : tunnel;
    return {
      ...plain(name, branch),
      ...("profile" in difference ? {} : algorithms),
      ...difference,
    };
  });
  values.set("tunnels", tunnels);
}

const plain = (name: string, { address, lan, host }: Branch): object => ({
  name,
  peer: address,
  local: ["10.10.0.0/24"],
  remote: [lan],
  localId: "gw-test.example.net",
  remoteId: `${name}.example.net`,
  probe: { source: "10.10.0.2", target: host },
});

/** What the row's command printed, if that is not what the row says. */
export async function contradiction(row: Row, branch: Branch): Promise<string | undefined> {
  const [machine, command, pattern, seen] = row;
  const form = new RegExp(named(pattern.source, branch, "\\."), pattern.flags);
  const isSeen = (printed: string): boolean => form.test(printed);
  const printed = await askUntil(() => runOn(machine, named(command, branch, ".")), isSeen, {
    milliseconds: seen === "YES" ? DEADLINE_MS : 0,
    every: POLL_MS,
  });
  if (isSeen(printed) === (seen === "YES")) return undefined;
  return `${machine}: ${command}: ${String(form)} ${seen}, but it printed:\n${printed}`;
}

const named = (text: string, { host, address }: Branch, dot: string): string =>
  text
    .replaceAll("HOST", host.replaceAll(".", dot))
    .replaceAll("PEER", address.replaceAll(".", dot));

async function runOn(machine: Machine, command: string): Promise<string> {
  if (machine === "gateway") return (await onGateway(command)).output;
  const shell = ["timeout", ATTEMPT_SECONDS, "bash", "-c", `{ ${command}; } 2>&1`];
  return outputOn(machine === "office" ? "lan" : "branches-lan", shell);
}
