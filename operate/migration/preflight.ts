import { gib } from "../../config/units";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { hypervisorUriProblem } from "../../config/hypervisorUri";
import type { Finding } from "../../contract/documents/operate";
import { virsh, VirshFailed } from "../../hypervisor/virsh";
import { domainTypeOf, isComparable, processorOf } from "./definition";
import { isOurs, type Move, type Whereabouts } from "./move";
import { rehearse } from "./rehearse";
import { withFile } from "./withFile";
import { whereabouts } from "./whereabouts";

/** Everything that has to be so before anything is touched, in the order from cheap to dear. */
export async function* preflight(move: Move): AsyncGenerator<Finding> {
  const keys = hostKeys(move);
  yield keys;
  if (!keys.ok) return;
  if (move.live) yield await address(move);
  const where = await attempt("hypervisors", async () => {
    const there = await whereabouts(move);
    return { detail: `${move.from}: ${there.source ?? "not there"}`, there };
  });
  yield where;
  const { there } = where;
  if (there === undefined) return;
  const found = place(move, there);
  yield found;
  yield await attempt("pools", () => pools(move));
  yield await attempt("disk", () => disk(move, there));
  if (!found.ok || isRunning(there.target)) return;
  const xml = await virsh(move.from, "dumpxml", "--domain", move.name, "--migratable");
  yield await attempt("cpu", () => processor(move, xml));
  yield await attempt("rehearsal", () => rehearse(move, xml));
}

export const isRunning = (state: string | undefined): boolean =>
  state !== undefined && state !== "shut off";

function hostKeys({ from, to }: Move): Finding {
  const refused = [from, to].flatMap((uri) => {
    const problem = hypervisorUriProblem(uri);
    return problem ? [`${uri} ${problem.what}: ${problem.fix}`] : [];
  });
  return {
    name: "host keys",
    ok: refused.length === 0,
    detail: refused.length === 0 ? "checked by ssh" : refused.join("; "),
  };
}

/** A hypervisor that thinks it is called 127.0.1.1 has the other one connect to itself. */
async function address({ address: name }: Move): Promise<Finding> {
  const result = (ok: boolean, detail: string): Finding => ({ name: "address", ok, detail });
  if (name === "")
    return result(false, "give --address: where the target is reached from the source");
  const found =
    isIP(name) > 0
      ? name
      : await lookup(name).then(
          ({ address }) => address,
          () => "",
        );
  if (found === "") return result(false, `${name} is not known: give --address`);
  const isLoopback = found.startsWith("127.") || found === "::1";
  return isLoopback
    ? result(false, `${name} is ${found}, where the source reaches itself: give --address`)
    : result(true, `${name}, ports 49152 to 49215`);
}

function place({ live, name, from, to }: Move, where: Whereabouts): Finding {
  const result = (ok: boolean, detail: string): Finding => ({ name: "place", ok, detail });
  const { source, target } = where;
  if (isRunning(source) && isRunning(target)) {
    return result(false, `${name} runs on both: shut down the one that is not the gateway`);
  }
  if (target !== undefined && source !== undefined && !isOurs(where)) {
    return result(false, `${to} has another machine ${name}: give it another name there`);
  }
  if (source === undefined && target === undefined) {
    return result(false, `${from} has no machine ${name}: see machine.name and hypervisor.uri`);
  }
  if (source === undefined && !isRunning(target)) {
    return result(false, `${name} is on ${to} only, and off: start it there, and run this again`);
  }
  if (live && !isRunning(source) && !isRunning(target)) {
    return result(false, `${name} does not run: leave --live out`);
  }
  if (isRunning(target)) return result(true, `runs on ${to} already: only the state is left to do`);
  if (target !== undefined) return result(true, `${to} has it from a run that was interrupted`);
  return result(true, `${name} is not on ${to} yet`);
}

async function pools({ to, pool, mediaPool }: Move): Promise<{ detail: string }> {
  for (const name of [pool, ...(mediaPool === undefined ? [] : [mediaPool])]) {
    const info = await virsh(to, "pool-info", name);
    if (!/^State:\s+running/m.test(info)) {
      throw new VirshFailed(`pool ${name} does not run: virsh -c ${to} pool-start ${name}`);
    }
  }
  return { detail: `${pool}${mediaPool === undefined ? "" : `, ${mediaPool}`}` };
}

async function disk(move: Move, where: Whereabouts): Promise<{ detail: string }> {
  const { to, pool, volume, shared } = move;
  const { sourceDisk = 0, targetDisk } = where;
  if (isRunning(where.target)) return { detail: "there" };
  if (shared) {
    if (targetDisk !== sourceDisk) {
      throw new VirshFailed(
        `${to} does not have the volume ${volume} of ${gib(sourceDisk)}: not shared`,
      );
    }
    if (await isAnother(move)) {
      throw new VirshFailed(`${to} has a volume ${volume} of its own: not shared`);
    }
    return { detail: `${gib(sourceDisk)}, shared` };
  }
  if (targetDisk !== undefined) {
    if (isOurs(where) && targetDisk === sourceDisk) return { detail: "unfinished copy there" };
    throw new VirshFailed(
      `${to} has a volume ${volume} in pool ${pool} already: if nothing needs it, ` +
        `virsh -c ${to} vol-delete --pool ${pool} ${volume}`,
    );
  }
  const info = await virsh(to, "pool-info", "--bytes", pool);
  const free = Number(/^Available:\s+(\d+)/m.exec(info)?.[1] ?? 0);
  if (free < sourceDisk) {
    throw new VirshFailed(`pool ${pool} has ${gib(free)} free, the disk needs ${gib(sourceDisk)}`);
  }
  return { detail: `${gib(sourceDisk)} of ${gib(free)} free` };
}

/**
 * Whether the volumes of both are two: the one that an earlier move left behind has the name and the size.
 * A logical volume's key is its UUID; that of a file is its path, which tells nothing.
 */
async function isAnother({ from, to, pool, volume }: Move): Promise<boolean> {
  const key = (uri: string): Promise<string> => virsh(uri, "vol-key", "--pool", pool, volume);
  const [here, there] = [await key(from), await key(to)];
  return here !== there && !(here.startsWith("/") && there.startsWith("/"));
}

/** Modes such as `maximum` have no model to compare: the rehearsal shows whether they are there. */
async function processor({ to }: Move, xml: string): Promise<{ detail: string }> {
  const cpu = processorOf(xml);
  if (cpu === undefined || !isComparable(cpu)) {
    return { detail: "no model of its own: see the rehearsal" };
  }
  return withFile(cpu, async (file) => {
    const type = ["--virttype", domainTypeOf(xml), "--error"];
    const said = await virsh(to, "hypervisor-cpu-compare", file, ...type);
    return { detail: said.split("\n")[0] ?? "" };
  });
}

async function attempt<Result extends { readonly detail: string }>(
  name: string,
  work: () => Promise<Result>,
): Promise<Finding & Partial<Result>> {
  try {
    return { name, ok: true, ...(await work()) };
  } catch (error) {
    if (!(error instanceof VirshFailed)) throw error;
    return { name, ok: false, detail: error.message } as Finding & Partial<Result>;
  }
}
