import { askUntil } from "../../operate/askUntil";
import { labOk, onGateway, previewChanges, spisOf, verify } from "./support/lab";
import { RemoteSite } from "./support/site";
import { editStack, saveStack } from "./support/stackFile";

const PATIENCE_MS = 60_000;

/** iked's IKE SAs with a peer, in whatever state. */
async function ikeSas(name: string): Promise<string[]> {
  const { stdout } = await onGateway("ikectl show sa");
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("iked_sas:") && line.includes(`/${name}.`));
}

describe("a peer that fell silent and starts anew", () => {
  it("replaces its IKE SA, instead of having one that no command finds beside it", async () => {
    const [old = ""] = await ikeSas("west");
    const west = new RemoteSite("west");
    await west.kill();
    await west.start();
    const now = await askUntil(
      () => ikeSas("west"),
      (found) => found.length === 1 && found[0] !== old,
      { milliseconds: PATIENCE_MS, every: 1000 },
    );
    expect(now).toEqual([expect.stringContaining(" ESTABLISHED ")]);
    expect(now).not.toEqual([old]);
    expect((await verify()).code).toBe(0);
  });
});

describe("a change to one tunnel", () => {
  let restore: () => void;
  let east: string[];

  beforeAll(async () => {
    restore = saveStack();
    east = await spisOf("east");
    expect(east.length).toBeGreaterThan(0);
  });

  it("is one resource to update, and leaves the other tunnel's SPIs", async () => {
    const west = await spisOf("west");
    editStack((values) => {
      values.set("tunnels.0.phase2.lifetime", 2400);
    });
    expect(await previewChanges()).toEqual({ update: ["west"] });
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    const { code } = await verify();
    expect(code).toBe(0);
    expect(await spisOf("east")).toEqual(east);
    expect(await spisOf("west")).not.toEqual(west);
  });

  it("can be a new tunnel, whose peer never answers", async () => {
    editStack((values) => {
      values.set("tunnels.2", {
        name: "north",
        peer: "198.51.100.13",
        local: ["10.10.0.0/24"],
        remote: ["10.20.3.0/24"],
        localId: "gw-test.example.net",
        remoteId: "north.example.net",
        phase1: values.get("tunnels.1.phase1"),
        phase2: values.get("tunnels.1.phase2"),
      });
    });
    const changes = await previewChanges();
    expect(changes.create?.sort()).toEqual(["north", "north", "north-psk"]);
    // The packet filter and the forwards admit the new peer; no other tunnel is touched.
    expect([...new Set(changes.update)].sort()).toEqual([
      "pf",
      "pf-confirm",
      "pf-settled",
      "udp-4500",
      "udp-500",
    ]);
    expect(changes.replace).toBeUndefined();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect(await spisOf("east")).toEqual(east);
  });

  it("can be its removal", async () => {
    restore();
    const changes = await previewChanges();
    expect(changes.delete?.sort()).toEqual(["north", "north", "north-psk"]);
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    const { code } = await verify();
    expect(code).toBe(0);
    expect(await spisOf("east")).toEqual(east);
  });
});
