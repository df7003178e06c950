import { gib } from "../../config/units";
import { askUntil } from "../askUntil";
import { Refusal, type Io } from "../command";
import { cloneWhileOff } from "../../hypervisor/clone";
import type { Disk } from "../../contract/libvirt";
import { standingAt } from "../../hypervisor/domain";
import { sizeOf } from "../../hypervisor/volumes";
import type { Step } from "../promotion/gate";
import { answersAtItsAddress } from "../console/standing";
import { outputOf } from "../ssh/connection";
import { Unreachable } from "../ssh/failure";
import { gatewayTarget } from "../ssh/target";
import type { StackOutputs } from "../../contract/stackOutputs";
import { queryStatus } from "../status/query";
import { checkedWayBack } from "./copy";
import { parseFacts, type ReleaseFacts } from "./facts";
import { unproven } from "./preflight";

export interface Upgrade {
  readonly outputs: StackOutputs;
  readonly domain: string;
  readonly disk: Disk;
  /** Name of the copy that is made first; undefined: none, as asked. */
  readonly copy: string | undefined;
  readonly to: string;
  /** How long the tunnels may take to be proven, seconds. */
  readonly timeout: number;
}

const POLL_MS = 5000;
/** sysupgrade's own watchdog reboots an installer that hangs after half an hour. */
export const AWAY_MS = 45 * 60_000;
/** The kernel is linked anew after a boot; gwctl waits as long before it begins anything. */
const RELINK_MS = 10 * 60_000;

/** From the old release to the new one; every step says what a failure leaves. */
export function steps(upgrade: Upgrade, io: Io): Step[] {
  const { outputs, domain, disk, copy, to } = upgrade;
  const { signal } = io;
  const gateway = gatewayTarget(outputs.gateway);
  const on = (command: string, input = ""): Promise<string> =>
    outputOf(gateway, command, { input, signal });
  const old = "the gateway runs its old release; nothing to go back to";
  const back =
    copy === undefined
      ? "there is no copy (--no-copy): repair it on ./scripts/gateway console, or install it anew"
      : async (): Promise<string> => {
          const standing = await standingAt(disk.uri, domain);
          const answers = await answersAtItsAddress(outputs.gateway);
          return checkedWayBack(disk, domain, copy, { standing, answers });
        };
  const armed =
    "the gateway runs its old release, and the next boot may bring the new one; to keep the old " +
    "one: ./scripts/gateway shell -- rm -f /bsd.upgrade /auto_upgrade.conf";

  const copying: Step[] =
    copy === undefined
      ? []
      : [
          {
            title: `copy the disk to ${copy}`,
            run: async () => {
              await cloneWhileOff(disk, domain, copy);
              const bytes = await sizeOf({ ...disk, volume: copy });
              return `${copy}, ${gib(bytes ?? 0)}, in pool ${disk.pool} at ${disk.uri}`;
            },
            back: old,
          },
          {
            title: "come back from the copy",
            run: async () => {
              await reachable(upgrade, io);
              return proven(upgrade, io);
            },
            back: old,
          },
        ];
  return [
    ...copying,
    {
      title: `fetch ${to}`,
      run: async () => lastLine(await on("gwctl release fetch")),
      back: old,
    },
    {
      title: "reboot into the upgrade",
      run: async () => lastLine(await on("gwctl reboot begin --always", probes(outputs))),
      back: armed,
    },
    {
      title: "wait for the gateway",
      run: async () => {
        const { release } = await reachable(upgrade, io);
        if (release === to) return `runs ${release}`;
        throw new Refusal(
          `it came back with ${release}: look at /tmp/ai/ai.log and the console's last words`,
        );
      },
      back,
    },
    ...finish(upgrade, io).map((step) => ({ ...step, back })),
  ];
}

/** What is left when the new release runs; each is done again without harm. */
export function finish(upgrade: Upgrade, io: Io): Step[] {
  const { outputs, timeout } = upgrade;
  const on = (command: string, input = ""): Promise<string> =>
    outputOf(gatewayTarget(outputs.gateway), command, { input, signal: io.signal });
  return [
    { title: "wait for the kernel to be linked", run: () => relinked(upgrade, io) },
    {
      title: "merge and update packages",
      run: async () => lastLine(await on("gwctl release finish")),
    },
    {
      title: "prove the tunnels",
      run: async () => {
        // gwctl noted before the reboot which tunnels carried packets.
        await on(`gwctl reboot end ${Math.max(timeout, 21)}`, probes(outputs));
        return proven(upgrade, io);
      },
    },
  ];
}

/** @throws Refusal if the gateway does not answer with the key that the stack pins in time */
async function reachable({ outputs }: Upgrade, io: Io): Promise<ReleaseFacts> {
  return until(AWAY_MS, io, async () => {
    try {
      return await factsOf(outputs, io.signal);
    } catch (error) {
      if (error instanceof Unreachable) return error;
      throw error;
    }
  });
}

async function relinked({ outputs }: Upgrade, io: Io): Promise<string> {
  return until(RELINK_MS, io, async () => {
    const { relinking, version } = await factsOf(outputs, io.signal);
    return relinking ? new Refusal("reorder_kernel still runs: see /usr/share/relink") : version;
  });
}

async function proven({ outputs, timeout }: Upgrade, io: Io): Promise<string> {
  return until(timeout * 1000, io, async () => {
    const status = await queryStatus(outputs, { probe: true, signal: io.signal });
    const wrong = unproven(status);
    if (wrong.length > 0) return new Refusal(wrong.join(", "));
    return `${status.tunnels.filter(({ state }) => state === "proven").length} proven`;
  });
}

export async function factsOf(outputs: StackOutputs, signal: AbortSignal): Promise<ReleaseFacts> {
  const text = await outputOf(gatewayTarget(outputs.gateway), "gwctl release facts", { signal });
  return parseFacts(text);
}

/** @throws Refusal, the last one, if there is nothing else within the time */
async function until<Result>(
  milliseconds: number,
  { signal }: Io,
  attempt: () => Promise<Result | Refusal>,
): Promise<Result> {
  const result = await askUntil(attempt, (found) => !(found instanceof Refusal), {
    ...{ milliseconds, every: POLL_MS, signal },
  });
  if (result instanceof Refusal) throw result;
  return result;
}

const probes = ({ tunnels }: StackOutputs): string =>
  tunnels
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, probe }) =>
      probe === undefined ? [] : [`${name} ${probe.source} ${probe.target}\n`],
    )
    .join("");

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
