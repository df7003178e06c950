import { askUntil } from "../askUntil";
import { Refusal, type Io } from "../command";
import { virsh } from "../../hypervisor/virsh";
import { Progress } from "../media/progress";
import { copyDisk } from "../../hypervisor/copy/disk";
import type { Move, Whereabouts } from "./move";
import { isRunning } from "./preflight";
import { clearTarget, diskOn } from "./target";
import { ofDomain } from "../../hypervisor/domain";

const SHUTDOWN_MS = 120_000;
const POLL_MS = 500;

/** Shuts the gateway down, copies its disk, and starts it on the target. */
export async function moveOffline(move: Move, where: Whereabouts, io: Io): Promise<void> {
  const { from, to, name, shared } = move;
  if (isRunning(where.source)) await shutDown(move, io.signal);
  if (!shared) {
    const progress = new Progress(`copy ${name}`, io);
    await copyDisk(diskOn(move, from), diskOn(move, to), where.sourceDisk ?? 0, {
      signal: io.signal,
      progress: (done, total) => {
        progress.update(done, total);
      },
    });
    progress.end();
  }
  await virsh(to, "start", "--domain", name);
}

async function shutDown({ from, name }: Move, signal: AbortSignal): Promise<void> {
  await virsh(from, "shutdown", "--mode", "acpi", "--domain", name);
  const state = await askUntil(
    () => ofDomain(from, "domstate", name),
    (found) => !isRunning(found),
    { milliseconds: SHUTDOWN_MS, every: POLL_MS, signal },
  );
  if (isRunning(state)) {
    throw new Refusal(`${name} does not shut down within ${SHUTDOWN_MS / 1000} s: it runs on`);
  }
}

/** Starts the gateway where it was, and takes away what the target got of it. */
export async function goBack(move: Move, autostart: boolean): Promise<void> {
  const { from, name } = move;
  // First of all, as two of them would share an address.
  await clearTarget(move);
  if (autostart) await virsh(from, "autostart", "--domain", name);
  if (!isRunning(await ofDomain(from, "domstate", name))) {
    await virsh(from, "start", "--domain", name);
  }
}
