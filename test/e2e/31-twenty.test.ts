import { lab, labOk, previewChanges, previewSummary, verify } from "./support/lab";
import { Probes } from "./support/probes";
import { editStack, saveStack } from "./support/stackFile";

const MORE = 18;
const CHANGED = "b07";
const peers: Record<string, string> = { west: "198.51.100.11", east: "198.51.100.12" };

/** The tunnels to the lab's branches, beside the two that the stack has. */
function addBranches(): void {
  editStack((values) => {
    for (let index = 1; index <= MORE; index++) {
      const name = `b${String(index).padStart(2, "0")}`;
      const peer = `198.51.100.${100 + index}`;
      peers[name] = peer;
      values.set(`tunnels.${index + 1}`, {
        name,
        peer,
        local: ["10.10.0.0/24"],
        remote: [`10.20.${100 + index}.0/24`],
        localId: "gw-test.example.net",
        remoteId: `${name}.example.net`,
        mode: "active",
        phase1: values.get("tunnels.0.phase1"),
        phase2: values.get("tunnels.0.phase2"),
        probe: { source: "10.10.0.2", target: `10.20.${100 + index}.100` },
      });
    }
  });
}

async function spis(): Promise<Record<string, string[]>> {
  const { tunnels } = await verify("--timeout", "120");
  return Object.fromEntries(tunnels.map((tunnel) => [tunnel.name, tunnel.spis]));
}

const without = <T>(all: Record<string, T>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));

/** Does something to one of the tunnels; the others may not lose a ping, nor an SA. */
async function disturbsOnly(name: string, deed: () => Promise<unknown>): Promise<void> {
  const before = await spis();
  const probes = await Probes.through(peers);
  try {
    await deed();
    const losses = await probes.stop();
    console.info(`${name}: ${losses[name]?.lost} of ${losses[name]?.sent} pings lost`);
    const others = Object.entries(without(losses, name));
    expect(others).toHaveLength(19);
    expect(others.filter(([, { lost }]) => lost > 0)).toEqual([]);
    for (const [, { sent }] of others) expect(sent).toBeGreaterThan(3);
  } finally {
    probes.discard();
  }
  const after = await spis();
  expect(without(after, name)).toEqual(without(before, name));
  expect(after[name]).not.toEqual(before[name]);
}

describe("one of twenty tunnels", () => {
  let restore: () => void;

  beforeAll(async () => {
    restore = saveStack();
    addBranches();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    const { tunnels } = await verify("--timeout", "300");
    expect(tunnels.filter(({ proven }) => !proven).map(({ name }) => name)).toEqual([]);
    expect(tunnels).toHaveLength(20);
  });

  afterAll(async () => {
    restore();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect((await verify()).code).toBe(0);
    expect(await previewSummary()).toEqual({});
  });

  it("is changed without a ping lost on the other nineteen, which keep their SPIs", async () => {
    editStack((values) => {
      values.set("tunnels.8.phase2.lifetime", 2400);
    });
    expect(await previewChanges()).toEqual({ update: [CHANGED] });
    await disturbsOnly(CHANGED, () => labOk("pulumi", "up", "--yes", "--skip-preview"));
  });

  it("is killed, and taken down and up, by hand: the others do not notice", async () => {
    await disturbsOnly(CHANGED, async () => {
      for (const action of ["kill", "down", "up"]) {
        const { code, stdout, output } = await lab("gateway", "tunnel", action, CHANGED, "--json");
        expect([action, code, output]).toEqual([action, 0, output]);
        expect(JSON.parse(stdout)).toMatchObject({ disturbed: [] });
      }
    });
  });
});
