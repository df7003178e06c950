import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GIB } from "../../config/units";
import { diskHash, PIECE, pieceOf } from "../../hypervisor/copy/pieces";
import {
  adopt,
  carriesPackets,
  type Disk,
  diskThatIs,
  fileOf,
  HERE,
  isMarked,
  line,
  MIB,
  occurrences,
  OFFICE,
  roles,
  secretsOfTest,
  testAlone,
  writeAt,
} from "./support/copies";
import { inLab, labOk, ROOT } from "./support/lab";
import { processesWith } from "./support/processes";
import { kill, promote } from "./support/promote";
import { until } from "./support/until";
import { editStack, saveStack } from "./support/stackFile";

const copyIt = () => promote("--copy", "--xml-only");
const TARGET: Disk = { uri: OFFICE, pool: "vg0", volume: "gw-prod" };

describe("a copy for a hypervisor without Pulumi that is disturbed", () => {
  testAlone();
  let secrets: string[] = [];
  let sealed: Disk;
  let sha256 = "";
  let hostKey = "";

  it("is not begun for a hypervisor that cannot run such a machine", async () => {
    const restore = saveStack("prod");
    editStack((values) => {
      values.set("hypervisor.domainType", "kvm");
      values.delete("hypervisor.tcgBufferMiB");
    }, "prod");
    const { code, output } = await copyIt();
    restore();
    expect([code, output]).toEqual([1, expect.stringMatching(/cannot run kvm machines of type/)]);
    expect(output).not.toContain("goes off");
    expect(await roles()).toEqual({ test: ["in use"] });
  });

  it("has test back when the command is killed while it is off", async () => {
    const killed = copyIt();
    await until(async () => (await stateOf("gw-test")) === "shut off", killed);
    kill("promote");
    await killed;
    await until(async () => (await stateOf("gw-test")) === "running");
    await carriesPackets("test");
    // It has test's keys on it, and says so.
    expect(await roles()).toEqual({ test: ["in use", "unsealed"] });
    await labOk("gateway", "promote", "--prune", (await diskThatIs("unsealed", "test")).volume);
    expect(await roles()).toEqual({ test: ["in use"] });
  });

  it("ends when the network is cut, and leaves what says that it is incomplete", async () => {
    secrets = await secretsOfTest();
    const cut = copyIt();
    await until(() => isMarked(TARGET), cut);
    await line("down");
    const { code, output } = await cut;
    await line("up");
    expect([code, output]).toEqual([1, expect.stringMatching(/virsh|connection|keepalive/i)]);
    expect(await roles()).toMatchObject({
      test: ["in use", "sealed"],
      prod: expect.arrayContaining(["incomplete"]) as string[],
    });
    const { uri, pool, volume } = await diskThatIs("sealed", "test");
    sealed = { uri, pool, volume };
    sha256 = /SHA-256 ([0-9a-f]{64})/.exec(output)?.[1] ?? "";
    // Whoever takes it for a gateway's is told.
    const taken = await adopt({ to: TARGET, hostKey: "ssh-ed25519 A" });
    expect(taken.output).toContain(`is an unfinished copy of ${sealed.volume}`);
    await carriesPackets("test");
  });

  it("is gone on with after a kill", async () => {
    const killed = copyIt();
    await until(() => Promise.resolve(processesWith(fileOf(TARGET)).length > 0), killed);
    kill("promote");
    await killed;
    expect(await roles()).toMatchObject({
      prod: expect.arrayContaining(["incomplete"]) as string[],
    });
    const { code, output, stdout } = await adopt(valuesFor(TARGET), "--json");
    expect([code, output]).toEqual([0, expect.any(String)]);
    ({ hostKey } = JSON.parse(stdout) as { hostKey: string });
  });

  it("is taken as it is by a run that did not know of it, and answers there", async () => {
    const { code, output } = await copyIt();
    expect([code, output]).toEqual([0, expect.stringMatching(/^-.*<name>gw-test<\/name>/m)]);
    expect(output).toContain(`seal a copy of test's disk: ${sealed.volume}`);
    expect(output).toMatch(
      /wait for gw-prod on SSH: answers, with the key that it printed on its console/,
    );
    expect(output).toContain(hostKey);
    expect(secrets.length).toBeGreaterThan(5);
    expect(occurrences(secrets, TARGET)).toBe(0);
    expect((await copyIt()).output).toMatch(/there is a machine of this name/);
  });

  it.each<[string, string, number, RegExp]>([
    [
      "a target that is there",
      "gw-prod",
      2,
      /is in pool vg0 at \S+ already, and no unfinished copy/,
    ],
    ["a target too small", "gw-prod-x", 1, /1\.0 GiB are too small for/],
    ["a full target", "gw-prod-x", 900, /the disk it takes 900\.0 GiB/],
  ])("refuses %s before anything is touched", async (_, volume, gib, message) => {
    const { code, output } = await adopt(valuesFor({ ...TARGET, volume }, { bytes: gib * GIB }));
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
    expect(await roles()).toEqual({ test: ["in use", "sealed"], prod: ["in use"] });
  });

  it("is not taken for whole when the source changes on the way", async () => {
    const size = 384 * MIB;
    const from: Disk = { uri: HERE, pool: "vg0", volume: "gw-test-small" };
    const to: Disk = { uri: OFFICE, pool: "vg0", volume: "gw-prod-small" };
    await inLab(`virsh -q -c ${HERE} vol-create-as vg0 gw-test-small ${size}`);
    const bytes = randomBytes(size);
    writeAt(from, 0, bytes);
    const pieces = Array.from({ length: size / PIECE }, (_, n) =>
      pieceOf(bytes.subarray(n * PIECE, (n + 1) * PIECE)),
    );
    const whole = { from, sha256: diskHash(pieces, size), bytes: size };
    const copying = adopt(valuesFor(to, whole));
    await until(() => isMarked(to), copying);
    writeAt(from, size - 4096, randomBytes(4096));
    const { code, output } = await copying;
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/source changed|is not what is read back/),
    ]);
    const { output: taken } = await adopt({ to, hostKey: "ssh-ed25519 A" });
    expect(taken).toMatch(/is an unfinished copy of gw-test-small/);
    await labOk("gateway", "promote", "--prune", to.volume);
    expect((await roles()).prod).toEqual(["in use"]);
  });

  interface Values {
    readonly from: Disk;
    readonly bytes: number;
    readonly sha256: string;
  }

  /** What `pulumi up` does with prod's values. */
  function valuesFor(to: Disk, changes: Partial<Values> = {}): object {
    return {
      ...{ from: sealed, sha256, to, bytes: 2 * GIB },
      machine: { domainType: "qemu", memoryMiB: 256, tcgBufferMiB: 128 },
      identity: {
        ...{ hostname: "gw-prod", interface: "vio0", address: "10.12.0.2/24" },
        ...{ gateway: "10.12.0.1", dns: [] },
        sshPublicKeys: [readFileSync(join(ROOT, ".lab/keys/admin.pub"), "utf8").trim()],
      },
      ...changes,
    };
  }
});

async function stateOf(domain: string): Promise<string> {
  return (await inLab(`virsh -q -c ${HERE} domstate ${domain}`)).stdout.trim();
}
