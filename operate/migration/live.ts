import { Refusal, type Io } from "../command";
import { connectionTo, startVirsh } from "../../hypervisor/virsh";
import { Progress } from "./percent";
import type { Move } from "./move";

/** Not by the name that the target calls itself, which the source need not know. */
export function migrateArguments({ to, address }: Move, name: string): string[] {
  const way = ["--migrateuri", `tcp://${address.includes(":") ? `[${address}]` : address}`];
  return ["migrate", "--live", ...way, "--domain", name, "--desturi", connectionTo(to)];
}

/**
 * Moves the running gateway. libvirt leaves it running on the source until all of it is on the
 * target, also when this process ends in between.
 *
 * @throws Refusal with libvirt's own words; the gateway then runs where it was
 */
export async function moveLive(move: Move, io: Io): Promise<void> {
  const disk = move.shared ? [] : ["--copy-storage-all"];
  const more = ["--persistent", ...disk, "--abort-on-error", "--auto-converge", "--verbose"];
  const child = startVirsh(move.from, [...migrateArguments(move, move.name), ...more], {
    quiet: false,
    // Ctrl-C reaches it through the signal, once.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stop = (): void => {
    child.kill("SIGINT");
  };
  io.signal.addEventListener("abort", stop, { once: true });
  const progress = new Progress("migrate", io);
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    const percent = /.*\[\s*(\d+(?:\.\d+)?) %\]/s.exec(text)?.[1];
    if (percent !== undefined) progress.update(Number(percent));
  });
  const status = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      said += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  io.signal.removeEventListener("abort", stop);
  progress.end();
  io.signal.throwIfAborted();
  if (status !== 0) throw new Refusal(`virsh migrate: ${reason(said)}`);
}

function reason(said: string): string {
  const errors = said.split(/[\r\n]+/).filter((line) => line.startsWith("error:"));
  return errors.join("; ").replace(/error: /g, "") || "no reason given";
}
