import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { OFFICE_HOSTS, siteAt } from "../../../lab/network/sites";
import { spawnOn } from "../../../lab/verify/namespaces";

const INTERVAL_SECONDS = 0.5;
const PATIENCE_MS = 120_000;

export interface Loss {
  /** Until the last answer: what was still under way at the end is not counted. */
  readonly sent: number;
  readonly lost: number;
  /** Of the longest row of lost ones. */
  readonly outageSeconds: number;
}

/** Pings without end through tunnels, from the host behind each peer to the office and back. */
export class Probes {
  private constructor(private readonly pings: ReadonlyMap<string, Ping>) {}

  /** Resolves when every tunnel has answered. */
  static async through(peers: Readonly<Record<string, string>>): Promise<Probes> {
    const probes = new Probes(
      new Map(Object.entries(peers).map(([name, peer]) => [name, new Ping(peer)])),
    );
    await probes.answered();
    return probes;
  }

  /** Waits until each of the tunnels has answered a ping that is sent after this call. */
  async answered(): Promise<void> {
    await Promise.all([...this.pings].map(([name, ping]) => ping.answeredAnew(name)));
  }

  /** Ends them; what each tunnel lost. A tunnel that never answers again is an error. */
  async stop(): Promise<Record<string, Loss>> {
    try {
      await this.answered();
      return Object.fromEntries([...this.pings].map(([name, ping]) => [name, ping.loss()]));
    } finally {
      this.discard();
    }
  }

  discard(): void {
    for (const ping of this.pings.values()) ping.end();
  }
}

class Ping {
  private readonly child: ChildProcess;
  private readonly answers = new Set<number>();
  private last = 0;

  constructor(peer: string) {
    const site = siteAt(peer);
    const [office] = OFFICE_HOSTS;
    if (site === undefined || office === undefined) throw new Error(`the lab has no peer ${peer}`);
    const command = ["ping", "-n", "-i", String(INTERVAL_SECONDS), "-I", site.host, office.address];
    this.child = spawnOn(`${site.name}-lan`, command, { stdio: ["ignore", "pipe", "inherit"] });
    let rest = "";
    this.child.stdout?.on("data", (data: Buffer) => {
      const lines = (rest + data.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.read(line);
    });
  }

  /** An answer to a ping that is not sent yet is the next but one: one may be under way. */
  async answeredAnew(name: string): Promise<void> {
    const wanted = this.last + 2;
    const until = Date.now() + PATIENCE_MS;
    while (this.last < wanted) {
      if (Date.now() > until) throw new Error(`tunnel ${name} does not answer`);
      await sleep(100);
    }
  }

  loss(): Loss {
    let longest = 0;
    let row = 0;
    for (let sequence = 1; sequence <= this.last; sequence++) {
      row = this.answers.has(sequence) ? 0 : row + 1;
      longest = Math.max(longest, row);
    }
    return {
      sent: this.last,
      lost: this.last - this.answers.size,
      outageSeconds: longest * INTERVAL_SECONDS,
    };
  }

  end(): void {
    this.child.kill("SIGINT");
  }

  private read(line: string): void {
    const sequence = Number(/bytes from .* icmp_seq=(\d+)/.exec(line)?.[1] ?? 0);
    if (sequence === 0) return;
    this.answers.add(sequence);
    this.last = Math.max(this.last, sequence);
  }
}
