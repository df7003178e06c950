import { shellLine } from "../render/shellWord";
import { notStarted, startVirshShell, VirshFailed } from "./virsh";

/** One connection to a hypervisor for many commands: each new one costs a login. */
export interface VirshSession {
  /**
   * Runs one command to its end.
   * @throws VirshFailed with virsh's own words
   */
  readonly run: (...words: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

const END_MILLISECONDS = 5_000;

/** virsh that reads its commands from us. It ends when this process does, however that ends. */
export function openVirsh(uri: string, signal: AbortSignal): VirshSession {
  const child = startVirshShell(uri);
  let said = "";
  let ended = false;
  let heard: () => void = () => undefined;
  child.stdin.on("error", () => undefined);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    heard();
  });
  const closed = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true;
      heard();
      resolve();
    };
    child.once("close", end);
    child.once("error", (error) => {
      said += `error: ${notStarted(error)}`;
      end();
    });
  });
  const stop = (): void => {
    child.kill("SIGKILL");
  };
  signal.addEventListener("abort", stop, { once: true });
  let count = 0;

  const run = async (...words: readonly string[]): Promise<void> => {
    const mark = `end-of-command-${++count}`;
    said = "";
    child.stdin.write(`${shellLine(words)}\necho --err ${mark}\n`);
    await new Promise<void>((resolve) => {
      heard = () => {
        if (ended || said.includes(mark)) resolve();
      };
      heard();
    });
    signal.throwIfAborted();
    const complaints = said.split("\n").filter((line) => line !== "" && !line.includes(mark));
    if (ended || complaints.length > 0) {
      const why = complaints.join("; ").replace(/^error: /, "") || "the connection ended";
      throw new VirshFailed(`virsh ${words.join(" ")}: ${why}`);
    }
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener("abort", stop);
    child.stdin.end();
    const timer = setTimeout(stop, END_MILLISECONDS);
    await closed;
    clearTimeout(timer);
  };
  return { run, close };
}
