import { Refusal, type Io } from "../command";
import { virsh } from "../console/virsh";
import { cleanPreview } from "../promotion/verification";
import { readOutputs } from "../stack/outputs";
import { moveLive } from "./live";
import type { Move } from "./move";
import { goBack, moveOffline } from "./offline";
import { isRunning } from "./preflight";
import { repoint } from "./repoint";
import { leaveSource, prepareTarget } from "./target";
import { type During, missingWithin, provenNow, watchTunnels } from "./tunnels";
import { whereabouts } from "./whereabouts";

export interface Migrated {
  /** Tunnels that were proven before: all of them have to be so afterwards. */
  readonly before: readonly string[];
  /** Those that are not. */
  readonly missing: readonly string[];
  readonly during: During;
  readonly seconds: number;
  /** The stack's state as it was. */
  readonly backup: string;
  /** What the stack's preview says now. */
  readonly preview: string;
  readonly clean: boolean;
}

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
    const refusal = await taken(move, autostart, error);
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

/** Back to where the gateway was; what it was about, with how that went. */
async function taken(move: Move, autostart: boolean, cause: unknown): Promise<Error> {
  const why = cause instanceof Error ? cause.message : String(cause);
  try {
    const { target } = await whereabouts(move);
    if (move.live && isRunning(target)) {
      return new Refusal(
        `${why}: ${move.name} runs on ${move.to}: run this again to have it known`,
      );
    }
    await goBack(move, autostart);
  } catch (error) {
    const second = error instanceof Error ? error.message : String(error);
    return new Refusal(
      `${why}; and going back failed (${second}): start ${move.name} on ${move.from}`,
    );
  }
  return new Refusal(`${why}: ${move.name} runs on ${move.from} as before`);
}
