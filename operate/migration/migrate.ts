import type { Migrated } from "../../contract/documents/operate";
import { Refusal, type Io } from "../command";
import { virsh } from "../../hypervisor/virsh";
import { cleanPreview } from "../promotion/verification";
import { standingAt } from "../../hypervisor/domain";
import { answersAtItsAddress } from "../console/standing";
import type { GatewayOutput } from "../../contract/stackOutputs";
import { readOutputs } from "../stack/outputs";
import { moveLive } from "./live";
import type { Move } from "./move";
import { goBack, moveOffline } from "./offline";
import { type Found, GO_BACK, outcome } from "./outcome";
import { isRunning } from "./preflight";
import { repoint } from "./repoint";
import { leaveSource, prepareTarget } from "./target";
import { missingWithin, provenNow, watchTunnels } from "./tunnels";
import { whereabouts } from "./whereabouts";

/**
 * Moves the gateway, sees its tunnels proven, and has the stack know. A run that was interrupted is
 * gone on with.
 *
 * @throws Refusal if it was not moved: it then runs where it was
 */
export async function migrate(move: Move, io: Io): Promise<Migrated> {
  const { selection, from, to, name, live } = move;
  const where = await whereabouts(move);
  const outputs = await readOutputs(selection);
  const enabled = outputs.tunnels.filter((tunnel) => tunnel.enabled).map((tunnel) => tunnel.name);
  const before = isRunning(where.source) ? await provenNow(outputs, io.signal) : enabled;
  const holder = where.source === undefined ? to : from;
  const autostart = /^Autostart:\s+enable/m.test(await virsh(holder, "dominfo", "--domain", name));

  const began = Date.now();
  const watch = watchTunnels(outputs, before, io.signal);
  let missing: string[];
  try {
    if (!isRunning(where.target)) {
      // A source that is switched on again must not start a second one.
      if (autostart) await virsh(from, "autostart", "--disable", "--domain", name);
      await prepareTarget(move, where, io.signal);
      await (live ? moveLive(move, io) : moveOffline(move, where, io));
    }
    missing = await missingWithin(outputs, before, move.timeoutMs, io.signal);
    if (missing.length > 0 && !live && where.source !== undefined) {
      throw new Refusal(
        `${missing.join(", ")}: not proven on ${to} within ${move.timeoutMs / 1000} s`,
      );
    }
  } catch (error) {
    await watch.stop();
    const refusal = await taken(move, outputs.gateway, autostart, error);
    // Of an interrupted command nothing else is printed.
    if (io.signal.aborted) io.err(`migrate: ${refusal.message}\n`);
    throw refusal;
  }
  const during = await watch.stop();
  // Before the stack says so: a run that ends in between is known by what the hypervisors have.
  if (where.source !== undefined) await leaveSource(move, autostart);
  const backup = await repoint(move, new Date());
  const { ok, detail } = await cleanPreview(selection.stack, io.signal);
  const seconds = Math.round((Date.now() - began) / 1000);
  return { before, missing, during, seconds, backup, preview: detail, clean: ok };
}

/** Back to where the gateway was, if that is known to be safe; what it was about, with how that went. */
async function taken(
  move: Move,
  gateway: GatewayOutput,
  autostart: boolean,
  cause: unknown,
): Promise<Error> {
  const why = cause instanceof Error ? cause.message : String(cause);
  const what = outcome(move, await find(move, gateway));
  if (what !== GO_BACK) return new Refusal(`${why}: ${what}`);
  try {
    await goBack(move, autostart);
  } catch (error) {
    const second = error instanceof Error ? error.message : String(error);
    return new Refusal(`${why}; and going back failed (${second}): ${await left(move, gateway)}`);
  }
  return new Refusal(`${why}: ${move.name} runs on ${move.from} as before`);
}

async function find({ from, to, name }: Move, gateway: GatewayOutput): Promise<Found> {
  const [source, target, answers] = await Promise.all([
    standingAt(from, name),
    standingAt(to, name),
    answersAtItsAddress(gateway),
  ]);
  return { source, target, answers };
}

/** What there is after going back has failed. */
async function left(move: Move, gateway: GatewayOutput): Promise<string> {
  const { name, from, to } = move;
  const found = await find(move, gateway);
  const what = outcome(move, found);
  if (what !== GO_BACK) return what;
  const target = found.target === "absent" ? "not there" : found.target;
  return found.source === "running"
    ? `${name} runs on ${from}, and is ${target} on ${to}`
    : `${name} is ${found.source} on ${from} and ${target} on ${to}: ` +
        (found.target === "running" ? "run this again" : `virsh -c ${from} start ${name}`);
}
