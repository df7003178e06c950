import { lab, labOk, verify } from "./support/lab";
import { processesWith } from "./support/processes";
import { kill, promote } from "./support/promote";
import { until } from "./support/until";
import { letProdGo } from "./support/protection";
import { editStack, saveStack, type Values } from "./support/stackFile";

/** A tunnel of prod whose peer is not there. */
const SOUTH = {
  name: "south",
  peer: "198.51.100.77",
  local: ["10.12.0.0/24"],
  remote: ["10.20.77.0/24"],
  localId: "gw-prod.example.net",
  remoteId: "south.example.net",
  phase1: { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" },
  phase2: { encryption: "aes-256", integrity: "hmac-sha2-512", group: "ecp256" },
};

const previewProd = () => lab("pulumi", "preview", "--stack", "prod");

/** By tunnel of stack prod: the SPIs it has now. */
async function spis(): Promise<Record<string, string[]>> {
  const { tunnels } = await verify("--stack", "prod", "--timeout", "0");
  return Object.fromEntries(tunnels.map(({ name, spis }) => [name, spis]));
}

function editBoth(edit: (values: Values) => void): void {
  editStack(edit);
  editStack(edit, "prod");
}

describe("from test to prod, on another hypervisor", () => {
  let restoreTest: () => void;
  let restoreProd: () => void;

  beforeAll(async () => {
    // Makes the second office, and prod's file in the lab.
    const { code } = await lab("pulumi", "stack", "output", "gateway", "--stack", "prod");
    if (code === 0) {
      await letProdGo();
      await labOk("pulumi", "destroy", "--yes", "--skip-preview", "--stack", "prod");
    }
    [restoreTest, restoreProd] = [saveStack(), saveStack("prod")];
    // Not protected, so that it can be taken away again.
    editStack((values) => {
      values.set("machine.protect", false);
    }, "prod");
    editStack((values) => {
      values.delete("proof");
    });
    await labOk("pulumi", "up", "--yes", "--skip-preview");
  });

  afterAll(async () => {
    await labOk("pulumi", "destroy", "--yes", "--skip-preview", "--stack", "prod");
    restoreProd();
    restoreTest();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect((await verify()).code).toBe(0);
  });

  it("prod takes nothing without a proof", async () => {
    const up = await lab("pulumi", "up", "--yes", "--skip-preview", "--stack", "prod");
    expect(up.code).not.toBe(0);
    expect(up.output).toContain(
      "stack test was never proven: run ./scripts/gateway verify --stack test",
    );
  });

  it("ends at the first thing that is wrong, and says how to go on and how to go back", async () => {
    await labOk("gateway", "tunnel", "down", "west", "--stack", "test");
    const { code, stdout, stderr } = await promote("--timeout", "1");
    await labOk("gateway", "tunnel", "up", "west", "--stack", "test");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/2\/7 prove test: FAILED +tunnels +west is down/);
    expect(stderr).toMatch(/^to go on: .*\nto go back: prod is as it was/m);
    expect(stderr).not.toMatch(/preview prod|bring prod up/);
  });

  it("makes prod, and ends where its peers do not know it yet", async () => {
    const { code, stdout, stderr } = await promote("--timeout", "1");
    expect(code).toBe(1);
    expect(stdout).toMatch(/\+ \d+ to create/);
    expect(stderr).toMatch(/promote: 2\/7 prove test: proven, recorded/);
    expect(stderr).toMatch(/promote: 5\/7 bring prod up: \+ \d+ created/);
    expect(stderr).toMatch(/6\/7 prove prod: FAILED +tunnels +.*(west|east) is /);
    await labOk("peers", "sync", "--stack", "prod");
  });

  it.each<[string, string, string, RegExp]>([
    ["a stale proof", "at", "2026-01-01T00:00:00.000Z", /is \d+ hours old/],
    ["a proof of another version", "code", "0", /proven with another version of this program/],
  ])("prod takes nothing on %s", async (_, key, value, message) => {
    const keep = saveStack();
    editStack((values) => {
      values.set(`proof.${key}`, value);
    });
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    keep();
    const { code, output } = await previewProd();
    expect(code).not.toBe(0);
    expect(output).toMatch(message);
  });

  it("goes on from there, one tunnel of the change first", async () => {
    editBoth((values) => {
      values.set("tunnels.0.phase2.lifetime", 2400);
      values.set("tunnels.1.phase2.lifetime", 2400);
    });
    const args = ["--canary", "west", "--watch", "4", "--grace", "60", "--timeout", "120"];
    const { stderr } = await labOk("gateway", "promote", "--yes", "prod", ...args);
    expect(stderr).toMatch(/canary west: \d+ looks, 0 of them not proven, 0 % lost, .* before/);
    expect(stderr).toMatch(/5\/8 change west first: stays proven/);
    // West was changed already.
    expect(stderr).toMatch(/6\/8 bring prod up: ~ 1 updated/);
    expect(stderr).toMatch(/8\/8 preview prod again: no changes/);
  });

  it("both gateways run at once", async () => {
    expect((await verify()).code).toBe(0);
    expect((await verify("--stack", "prod")).code).toBe(0);
  });

  describe("a canary that does not stay", () => {
    let before: Record<string, string[]>;

    it("warns of one whose command was killed while it was watched", async () => {
      before = await spis();
      const [keepTest, keepProd] = [saveStack(), saveStack("prod")];
      editBoth((values) => {
        values.set("tunnels.0.phase2.lifetime", 2100);
      });
      const killed = promote("--canary", "west", "--watch", "600", "--timeout", "120");
      // Nothing reads Pulumi's state while it is written: half of it would be found.
      const updating = () => processesWith("up", "--target").length > 0;
      await until(() => Promise.resolve(updating()), killed);
      await until(() => Promise.resolve(!updating()), killed);
      await until(async () => {
        const { west = [] } = await spis();
        return west.length > 0 && west.every((spi) => !before.west?.includes(spi));
      }, killed);
      kill("promote");
      await killed;
      keepTest();
      keepProd();
      const { output } = await previewProd();
      expect(output).toMatch(/one tunnel was changed first, .* promote --to prod puts it back/s);
    });

    it("puts that back, and one that its peer does not understand, and touches nothing else", async () => {
      const keepProd = saveStack("prod");
      editBoth((values) => {
        values.set("tunnels.0.phase1.group", "modp2048");
      });
      // The peer of test gets the new values with this, that of prod does not.
      await labOk("pulumi", "up", "--yes", "--skip-preview");
      const { code, stderr } = await promote("--canary", "west", "--watch", "4", "--grace", "10");
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /1\/9 put west back, .*: west is as it was before and proven again after \d+ s/,
      );
      expect(stderr).toMatch(/change west first: west: not proven within 10 s of the change/);
      expect(stderr).toMatch(/it is put back and proven again after \d+ s/);
      expect(stderr).not.toMatch(/bring prod up/);
      const after = await spis();
      expect(after.east).toEqual(before.east);
      expect(after.west).not.toEqual(before.west);
      keepProd();
      const refused = await previewProd();
      expect(refused.output).toContain("stack test was proven with another configuration");
      // Which is that of the change; prod is as it was.
      editStack((values) => {
        values.set("promotion.require", "off");
      }, "prod");
      await labOk("pulumi", "preview", "--expect-no-changes", "--stack", "prod");
      await labOk("gateway", "drift", "--stack", "prod");
    });

    it("is not put back over what is deployed while it is watched", async () => {
      const keepProd = saveStack("prod");
      // As before: the peer of prod does not know the new values.
      editStack((values) => {
        values.set("tunnels.0.phase1.group", "modp2048");
      }, "prod");
      const { east } = await spis();
      const canary = promote("--canary", "west", "--watch", "4", "--grace", "60");
      const updating = () => processesWith("up", "--target").length > 0;
      await until(() => Promise.resolve(updating()), canary);
      await until(() => Promise.resolve(!updating()), canary);
      // Somebody else's update: a tunnel more.
      editStack((values) => {
        values.set("tunnels.2", SOUTH);
      }, "prod");
      // Not by `lab pulumi`, which gives the peer the new values, so that the canary may be proven.
      const up = "pulumi -C $GATEWAY_PROJECT up --yes --skip-preview --stack prod";
      await labOk("shell", "-c", `${up} --target '**::south' --target '**::south-psk'`);
      const { code, stderr } = await canary;
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /it is not put back: .*south.* was deployed since: west keeps its new/,
      );
      const state = await labOk("pulumi", "stack", "export", "--stack", "prod");
      expect(state.stdout).toMatch(/::south-psk"/);
      const { east: still } = await spis();
      expect(still).toEqual(east);
      keepProd();
    });
  });
});
