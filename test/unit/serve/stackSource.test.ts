import { explanationOf } from "../../../operate/serve/explanation";
import { stackSource, type StackReaders } from "../../../operate/serve/stackSource";
import type { StackOutputs } from "../../../contract/stackOutputs";
import { factsOf } from "../../../operate/why/question";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { declared, deployed } from "../operate/support/deployed";
import { TestClock } from "./support/clock";

function outputs(...names: string[]): StackOutputs {
  return { ...deployed, tunnels: names.map((name, index) => declared(name, index + 1)) };
}

const signal = new AbortController().signal;

interface World {
  readonly clock: TestClock;
  readonly reads: () => number;
  declared: StackOutputs | Error;
  reached: boolean;
  readonly readers: StackReaders;
}

function world(): World {
  const clock = new TestClock();
  let reads = 0;
  const made: World = {
    clock,
    reads: () => reads,
    declared: outputs("west"),
    reached: true,
    readers: {
      clock,
      readOutputs: () => {
        reads++;
        return made.declared instanceof Error
          ? Promise.reject(made.declared)
          : Promise.resolve(made.declared);
      },
      askGateway: () =>
        made.reached
          ? Promise.resolve(parseGwctlLive(EMPTY))
          : Promise.reject(new Error("gw-test: no route to host")),
      askWhy: (declared, tunnel) => Promise.resolve(factsOf(declared, tunnel, EMPTY)),
    },
  };
  return made;
}

/** A gateway that keeps one tunnel as declared and has nothing up. */
const EMPTY = `--- tunnels
west iked up
`;

test("a stack that cannot be read at the start is an error at the start", async () => {
  const made = world();
  made.declared = new Error("stack test is not deployed");
  await expect(stackSource({ signal }, made.readers)).rejects.toThrow("is not deployed");
});

test("the declared tunnels are known before the gateway is asked", async () => {
  const { declaration } = await stackSource({ signal }, world().readers);
  expect(declaration?.tunnels).toEqual([
    {
      ...{ name: "west", peer: "198.51.100.11", daemon: "iked" },
      networks: [{ local: "10.10.0.0/24", remote: "10.20.1.0/24" }],
    },
  ]);
});

test("a gateway that does not answer is a failure, never a status", async () => {
  const made = world();
  const { collect } = await stackSource({ signal }, made.readers);
  made.reached = false;
  await expect(collect(signal)).rejects.toThrow("gw-test: no route to host");
});

test("what is declared later is seen: soon when something does not match, else in ten minutes", async () => {
  const made = world();
  const { collect } = await stackSource({ signal }, made.readers);
  await collect(signal);
  await made.clock.advance(120);
  await collect(signal);
  expect(made.reads()).toBe(1);
  await made.clock.advance(600);
  made.declared = outputs("west", "east");
  const { tunnels } = await collect(signal);
  expect(tunnels.map(({ name }) => name).sort()).toEqual(["east", "west"]);
  expect(made.reads()).toBe(2);
  // The gateway does not have east: that differs, so the stack is read again soon.
  await made.clock.advance(61);
  await collect(signal);
  expect(made.reads()).toBe(3);
});

test("a stack that cannot be read later is a problem, and the tunnels known before stay", async () => {
  const made = world();
  const { collect } = await stackSource({ signal }, made.readers);
  await collect(signal);
  made.declared = new Error("the backend is locked");
  await made.clock.advance(601);
  const { tunnels, problems } = await collect(signal);
  expect(tunnels.map(({ name }) => name)).toEqual(["west"]);
  expect(problems.at(-1)).toContain("the backend is locked");
});

test("why is asked of the declared tunnels; of another one it says what it is", async () => {
  const { explain } = await stackSource({ signal }, world().readers);
  const west = await explain?.("west", signal);
  expect(west?.cause).toMatch(/^gateway: iked does not run on the gateway/);
  expect(west?.fix).toContain("gateway tunnel start-all");
  expect((await explain?.("stray", signal))?.cause).toContain("does not declare it");
});

test("an explanation shows no key", () => {
  const evidence = [
    { stamp: "Nov 23 12:00:00", text: 'iked: syntax error near psk "hunter2hunter2"' },
  ];
  const cause = {
    code: "psk",
    phase: "authentication",
    what: "it fails",
    fix: "fix it",
    evidence,
  } as const;
  const shown = explanationOf({
    name: "west",
    state: "down",
    cause,
    notes: ['psk "hunter2hunter2"'],
  });
  expect(shown.cause).toBe("authentication: it fails");
  expect(shown.evidence).toHaveLength(2);
  expect(JSON.stringify(shown)).not.toContain("hunter2");
});
