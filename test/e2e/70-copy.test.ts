import {
  carriesPackets,
  diskThatIs,
  hostKeyOf,
  occurrences,
  roles,
  secretsOfTest,
  testAlone,
  volumes,
} from "./support/copies";
import { labOk, onGateway } from "./support/lab";
import { promote } from "./support/promote";
import { editStack, saveStack } from "./support/stackFile";

const GONE = "deleted-before-the-copy-9f4c2e7a1b";

describe("prod's disk becomes a copy of test's, and prod goes back", () => {
  testAlone();
  /** What belongs to test alone, as hex, with the text of a deleted file. */
  let secrets: string[] = [];
  let hostKeyBefore = "";
  let copied = "";

  beforeAll(async () => {
    const restore = saveStack("prod");
    // Test is proven by what follows.
    editStack((values) => {
      values.set("promotion.require", "off");
    }, "prod");
    await labOk("pulumi", "up", "--yes", "--skip-preview", "--stack", "prod");
    restore();
    hostKeyBefore = await hostKeyOf("prod");
    await onGateway(`echo ${GONE} >/etc/gone && sync && rm /etc/gone && sync`);
    secrets = [...(await secretsOfTest()), Buffer.from(GONE).toString("hex")];
  });

  it("is sealed while test is off for a moment, copied, and proven", async () => {
    const { code, output } = await promote("--copy", "--timeout", "300");
    expect([code, output]).toEqual([0, expect.stringMatching(/gw-test is on again after \d+ s/)]);
    expect(output).toMatch(/seal a copy of test's disk: gw-test-sealed-\S+, 2\.0 GiB, SHA-256/);
    expect(output).toMatch(/prove prod: proven, recorded/);
    expect(output).toMatch(/preview prod again: no changes/);
    expect(await roles()).toEqual({ test: ["in use", "sealed"], prod: ["in use", "retained"] });
    copied = (await diskThatIs("in use", "prod")).volume;
    expect((await diskThatIs("retained", "prod")).volume).toBe("gw-prod");
  });

  it("has an identity of its own, beside test, and both carry packets", async () => {
    await carriesPackets("prod");
    await carriesPackets("test");
    // One after the other: the lab selects the stack.
    const [prod, test] = [await hostKeyOf("prod"), await hostKeyOf("test")];
    expect(new Set([prod, test, hostKeyBefore]).size).toBe(3);
  });

  it("holds no byte of what is test's alone, in files or where files were", async () => {
    expect(secrets.length).toBeGreaterThan(6);
    const found: Record<string, number> = {};
    for (const volume of await volumes()) {
      found[`${volume.stack} ${volume.role}`] = occurrences(secrets, volume);
    }
    // The search finds the keys where they are; a reboot takes new seeds.
    expect(found["test in use"]).toBeGreaterThanOrEqual(4);
    expect(found).toMatchObject({ "test sealed": 0, "prod in use": 0 });
  });

  it("and prod goes back to the disk before, with the same proof", async () => {
    const { code, output } = await promote("--rollback", "--timeout", "300");
    expect([code, output]).toEqual([0, expect.stringMatching(/prove prod: proven, recorded/)]);
    expect(output).toMatch(/preview prod again: no changes/);
    const prod = (await volumes()).filter(({ stack }) => stack === "prod");
    expect(Object.fromEntries(prod.map(({ volume, role }) => [volume, role]))).toEqual({
      [copied]: "retained",
      "gw-prod": "in use",
    });
    expect(await hostKeyOf("prod")).toBe(hostKeyBefore);
  });
});
