import { setTimeout as sleep } from "node:timers/promises";
import { shellWord } from "../render/shellWord";
import { notStarted, startVirshShell, VirshFailed } from "./virsh";

/** The connection that a transient domain lives with. */
export interface Hold {
  /** Lets go of it, and of the domain if that still runs. */
  readonly release: () => Promise<void>;
}

const START_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 100;
const END_MILLISECONDS = 5_000;

/**
 * Starts a paused domain from the definition in a file, and keeps the connection open. virsh reads
 * its commands from a pipe: when this process ends, however it does, the pipe closes, virsh ends,
 * and libvirt takes the domain away (`create --autodestroy`).
 *
 * @param started whether the domain is there and its console can be opened
 * @throws VirshFailed with virsh's own words
 */
export async function holdDomain(
  uri: string,
  file: string,
  started: () => Promise<boolean>,
): Promise<Hold> {
  const child = startVirshShell(uri);
  let said = "";
  const process = { ended: false };
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stdin.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    const end = (error?: Error): void => {
      said += error ? `error: ${notStarted(error)}` : "";
      process.ended = true;
      resolve();
    };
    child.once("error", end);
    child.once("close", () => {
      end();
    });
  });
  const release = async (): Promise<void> => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MILLISECONDS);
    await closed;
    clearTimeout(timer);
  };
  child.stdin.write(`create --paused --autodestroy ${shellWord(file)}\n`);
  for (let waited = 0; waited < START_MILLISECONDS; waited += LOOK_MILLISECONDS) {
    if (/^error: /m.test(said) || process.ended) break;
    if (await started()) return { release };
    await sleep(LOOK_MILLISECONDS);
  }
  await release();
  throw new VirshFailed(`virsh create: ${said.trim() || "the domain did not start"}`);
}
