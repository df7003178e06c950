import type { Scratch } from "./scratch";

export interface Change {
  /** Brings the gateway to where the change starts. */
  before: (gateway: Scratch) => void;
  args: string;
  input?: string;
  /** What the next run gets instead of the same again. */
  next?: string;
  /** Throws unless the gateway is where a killed run may leave it. */
  killed?: () => void;
  /** Throws unless the gateway is where the last run should have brought it. */
  after: (gateway: Scratch) => void;
}

/** Kills the change before its 1st, 2nd, 3rd … command, and repeats it each time. */
export function convergesAfterEveryKill(
  gateway: Scratch,
  { before, args, after, killed: left, ...texts }: Change,
) {
  const { input = "", next = input } = texts;
  let killed = true;
  for (let killAt = 1; killed; killAt++) {
    before(gateway);
    killed = gateway.run(args, { input, killAt }).status === null;
    left?.();
    const repeated = gateway.run(args, { input: next });
    expect({ killAt, ...repeated }).toMatchObject({ killAt, status: 0, stderr: "" });
    after(gateway);
    expect(gateway.list("var/db/gwctl/pending")).toEqual([]);
    expect(gateway.list("var/run").filter((name) => name.startsWith("gwctl"))).toEqual([]);
    expect(killAt).toBeLessThan(100);
    if (!killed) expect(killAt).toBeGreaterThan(5);
  }
  expect(gateway.run(args, { input: next }).stdout).toMatch(/^unchanged\n/m);
}
