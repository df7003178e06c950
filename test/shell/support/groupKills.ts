import * as fs from "node:fs";
import * as path from "node:path";
import type { Scratch } from "./scratch";
import { Waiting, type Put } from "./waiting";

/** What a run changes. What is elsewhere below `root` belongs to daemons that go on. */
const CHANGED = ["root/etc", "root/var/db", "fake"];

export interface GroupChange {
  /** Brings the gateway to where the tunnels are put. */
  before: () => void;
  puts: readonly [Put, Put];
  /** Throws unless the gateway is where both should have brought it. */
  after: () => void;
}

/**
 * Puts two tunnels at the same time, and kills their leader before its 1st, 2nd, 3rd … command. The other run takes
 * over from it, and the repeat of the killed one ends where it would have.
 */
export async function convergesWithoutLeader(
  gateway: Scratch,
  { before, puts, after }: GroupChange,
): Promise<void> {
  const waiting = new Waiting(gateway);
  const saved = path.join(gateway.base, "saved");
  before();
  copy(gateway.base, saved);
  try {
    for (let killAt = 1, killed = true; killed; killAt++) {
      copy(saved, gateway.base);
      const runs = await waiting.run(puts, killAt);
      const dead = puts.filter((_, n) => runs[n]?.status === null);
      killed = dead.length > 0;
      expect(dead.length).toBeLessThan(2);
      for (const { status, stderr } of runs) {
        if (status !== null)
          expect({ killAt, status, stderr }).toEqual({ killAt, status: 0, stderr: "" });
      }
      for (const { words, text } of dead) {
        const repeated = gateway.run(`tunnel put ${words}`, { input: text });
        expect({ killAt, ...repeated }).toMatchObject({ killAt, status: 0, stderr: "" });
      }
      after();
      expect(gateway.list("var/db/gwctl/pending")).toEqual([]);
      expect(waiting.left()).toEqual([]);
      expect(gateway.list("var/run").filter((name) => name.startsWith("gwctl"))).toEqual([]);
      expect(killAt).toBeLessThan(150);
      if (!killed) expect(killAt).toBeGreaterThan(15);
    }
  } finally {
    waiting.dispose();
  }
  for (const { words, text } of puts) {
    expect(gateway.run(`tunnel put ${words}`, { input: text }).stdout).toMatch(/^unchanged/);
  }
}

function copy(from: string, to: string): void {
  for (const name of CHANGED) {
    fs.rmSync(path.join(to, name), { recursive: true, force: true });
    fs.cpSync(path.join(from, name), path.join(to, name), { recursive: true });
  }
}
