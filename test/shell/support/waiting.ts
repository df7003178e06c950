import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run, Scratch } from "./scratch";

const LOCK = "var/run/gwctl.lock";
const QUEUE = "var/db/gwctl/queue";

/** One run of `gwctl tunnel put`. */
export interface Put {
  /** Such as `iked west` or `iked west disabled`. */
  words: string;
  text: string;
  env?: Record<string, string>;
}

/** Runs that find the lock held, so that they all wait, until it is let go. */
export class Waiting {
  /** gwctl looks for a process with the words that stand in the lock. */
  private readonly holder = spawn("sh", ["-c", "sleep 3600; :", "gwctl", "hold"], {
    detached: true,
  });

  constructor(private readonly gateway: Scratch) {}

  /** Starts them, and returns when each of them waits. They are killed before the leader's nth command. */
  async start(puts: readonly Put[], killAt?: number): Promise<Promise<Run>[]> {
    fs.symlinkSync(`${this.holder.pid} hold`, path.join(this.gateway.root, LOCK));
    // What they do before they wait does not count.
    this.gateway.fakeFile("steps", undefined);
    const runs = puts.map(({ words, text, env = {} }) => {
      const more = killAt === undefined ? {} : { killAt };
      return this.gateway.start(`tunnel put ${words}`, { input: text, env, ...more }).done;
    });
    while (this.entries("wait").length < puts.length) await sleep(20);
    this.gateway.count();
    return runs;
  }

  letGo(): void {
    this.gateway.remove(LOCK);
  }

  /** The same, and they are let go at once. */
  async run(puts: readonly Put[], killAt?: number): Promise<Run[]> {
    const runs = await this.start(puts, killAt);
    this.gateway.calls();
    this.letGo();
    return Promise.all(runs);
  }

  /** What is in the line, or of a part of it. */
  entries(part = ""): string[] {
    const folder = path.join(this.gateway.root, QUEUE, part);
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return names.filter((name) => part !== "" || !["wait", "taken"].includes(name));
  }

  /** Everything that runs left in the line. */
  left(): string[] {
    return ["", "wait", "taken"].flatMap((part) => this.entries(part));
  }

  /** Modes of all files and directories of the line. */
  modes(): Set<string> {
    const folder = path.join(this.gateway.root, QUEUE);
    const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    return new Set(
      names.map((name) => {
        const { mode } = fs.statSync(path.join(folder, name));
        return (mode & 0o177777).toString(8);
      }),
    );
  }

  dispose(): void {
    if (this.holder.pid !== undefined) process.kill(-this.holder.pid, "SIGKILL");
  }
}
