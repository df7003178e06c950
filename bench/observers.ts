import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayStatus } from "../contract/documents/status";
import { ROOT } from "./stackValues";

const EVERY_SECONDS = 0.2;
/** What `status --watch` waits between two looks. */
const WATCH_MS = 5000;

class Observer {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  constructor(args: readonly string[], onLine: (line: string) => void) {
    this.child = spawn(join(ROOT, "scripts/lab"), args, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    const { stdout } = this.child;
    if (!stdout) throw new Error("no output of the lab");
    createInterface({ input: stdout }).on("line", onLine);
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** With all its children, which are a process group of their own. */
  async end(): Promise<void> {
    if (this.child.pid !== undefined && this.child.exitCode === null) {
      process.kill(-this.child.pid, "SIGTERM");
    }
    await this.ended;
  }
}

/** Pings from a host of the office to one of a site, all the time. */
export class Pings extends Observer {
  private readonly times: number[];

  constructor(host: string) {
    const times: number[] = [];
    super(["on", "lan", "ping", "-n", "-D", "-i", String(EVERY_SECONDS), host], (line) => {
      const stamp = /^\[(\d+\.\d+)\] \d+ bytes from /.exec(line)?.[1];
      if (stamp !== undefined) times.push(Number(stamp) * 1000);
    });
    this.times = times;
  }

  answeredBetween(from: number, to: number): number {
    return this.times.filter((time) => time >= from && time <= to).length;
  }

  /** Whether all were answered, but for one at either end. */
  wholeBetween(from: number, to: number): boolean {
    return this.answeredBetween(from, to) >= Math.floor((to - from) / 1000 / EVERY_SECONDS) - 2;
  }
}

interface Look {
  readonly from: number;
  readonly to: number;
  /** By the tunnel's name. */
  readonly states: ReadonlyMap<string, string>;
}

/** `gateway status --watch --json`, with the time that each look took. */
export class Watch extends Observer {
  readonly looks: Look[];

  constructor() {
    const looks: Look[] = [];
    let last: number | undefined;
    super(["gateway", "status", "--watch", "--json"], (line) => {
      const { at, tunnels } = JSON.parse(line) as GatewayStatus;
      const to = Date.parse(at);
      if (last !== undefined) {
        const states = new Map(tunnels.map(({ name, state }) => [name, state]));
        looks.push({ from: last + WATCH_MS, to, states });
      }
      last = to;
    });
    this.looks = looks;
  }

  /** When a look that began after the moment found the tunnel proven. @throws Error if none did */
  async provenSince(name: string, moment: number, patience: number): Promise<number> {
    for (;;) {
      const found = this.looks.find(
        ({ from, states }) => from >= moment && states.get(name) === "proven",
      );
      if (found) return found.to;
      if (Date.now() > moment + patience) throw new Error(`${name}: not proven again`);
      await sleep(200);
    }
  }
}
