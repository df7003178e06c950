import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnOn } from "./namespaces";

// Packets that were sent last are still on their way when the last ping is answered or given up.
const SETTLE_MS = 300;

/** A capture of everything on the outside link. */
export class Capture {
  private constructor(
    private readonly tcpdump: ChildProcess,
    private readonly directory: string,
    private readonly messages: () => string,
  ) {}

  /**
   * Resolves when the capture really runs.
   * @throws Error when tcpdump does not start
   */
  static async start(): Promise<Capture> {
    const directory = mkdtempSync(join(tmpdir(), "lab-capture-"));
    // KiB: twenty tunnels speak at once.
    const buffer = ["-B", "32768"];
    const options = ["-i", "br-out", "-n", "-U", "--immediate-mode", "-s", "0", "-Z", "root"];
    const command = ["tcpdump", ...options, ...buffer, "-w", join(directory, "outside.pcap")];
    const tcpdump = spawnOn("out", command, { stdio: ["ignore", "ignore", "pipe"] });
    let messages = "";
    const listening = new Promise<void>((resolve, reject) => {
      tcpdump.stderr?.on("data", (data: Buffer) => {
        messages += data.toString();
        if (messages.includes("listening on")) resolve();
      });
      tcpdump.once("error", reject);
      tcpdump.once("close", () => {
        reject(new Error(`tcpdump on the outside link ended: ${messages.trim()}`));
      });
    });
    const capture = new Capture(tcpdump, directory, () => messages);
    try {
      await listening;
    } catch (error) {
      capture.discard();
      throw error;
    }
    return capture;
  }

  /**
   * Ends the capture; the whole file.
   * @throws Error when packets were lost: then it proves nothing
   */
  async stop(): Promise<Buffer> {
    try {
      await sleep(SETTLE_MS);
      const closed = new Promise((resolve) => this.tcpdump.once("close", resolve));
      this.tcpdump.kill("SIGINT");
      await closed;
      const dropped = /^([1-9]\d*) packets? dropped by kernel/m.exec(this.messages());
      if (dropped !== null) throw new Error(`the capture lost ${dropped[1] ?? ""} packets`);
      return readFileSync(join(this.directory, "outside.pcap"));
    } finally {
      this.discard();
    }
  }

  /** Ends it unread. */
  discard(): void {
    this.tcpdump.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}
