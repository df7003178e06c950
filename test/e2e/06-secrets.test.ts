import { join } from "node:path";
import { lab, labOk, onGateway, previewChanges, ROOT, run, spisOf, verify } from "./support/lab";
import { exposedFiles, filesOnGateway, ProcessWatch } from "./support/secretHunt";
import { editStack, saveStack } from "./support/stackFile";

const PLANTED = "PlantedKey0f3Zq8Lw2Rt7Yb5Nc9Xd1Ve6Mh4Js";

describe("a planted preshared key", () => {
  let restore: () => void;
  let printed: string;
  let processes: string;

  beforeAll(async () => {
    restore = saveStack();
    const set = ["pulumi", "config", "set", "--secret", "eastKey"];
    const stored = await run(join(ROOT, "scripts/lab"), set, PLANTED);
    expect(stored.code).toBe(0);
    editStack((values) => {
      values.set("tunnels.1.psk", "eastKey");
    });
    const watch = new ProcessWatch();
    const preview = await lab("pulumi", "preview", "--diff");
    const up = await lab("pulumi", "up", "--yes", "--diff", "--debug");
    processes = watch.stop();
    printed = stored.output + preview.output + up.output;
    expect(up.code).toBe(0);
  });

  afterAll(async () => {
    restore();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
  });

  it("carries packets", async () => {
    const { tunnels } = await verify();
    expect(tunnels.find(({ name }) => name === "east")).toMatchObject({ proven: true });
  });

  it("is not in what Pulumi prints, with every diff and debug message", () => {
    expect(printed).not.toContain(PLANTED);
  });

  it("is in the arguments or environment of no process", () => {
    // PULUMI_CONFIG carries configuration to the program, as the real language host does.
    const others = processes.split("\n").filter((line) => !line.includes("PULUMI_CONFIG="));
    expect(others.join("\n")).not.toContain(PLANTED);
  });

  it("is encrypted in the state", async () => {
    const { stdout } = await labOk("pulumi", "stack", "export");
    expect(stdout).not.toContain(PLANTED);
    expect(stdout).toContain("ciphertext");
  });

  it("is on the gateway in 0600 files only, and in no log", async () => {
    const files = await filesOnGateway(PLANTED);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(file).toMatch(/^-rw------- \/etc\/(iked|ipsec)\//);
    }
    expect((await onGateway("cat /var/log/*")).output).not.toContain(PLANTED);
  });

  it("is in no log of Pulumi's, and in no file of the lab that others may read", () => {
    expect(exposedFiles(join(ROOT, ".toolchain/pulumi-home/logs"), PLANTED)).toEqual([]);
    expect(exposedFiles(join(ROOT, ".lab"), PLANTED)).toEqual([]);
  });
});

async function generatedKey(tunnel: string): Promise<string> {
  const args = ["stack", "output", "presharedKeys", "--json", "--show-secrets"];
  const { stdout } = await labOk("pulumi", ...args);
  const key = (JSON.parse(stdout) as Record<string, string>)[tunnel] ?? "";
  expect(key).toMatch(/^[A-Za-z0-9]{44}$/);
  return key;
}

/** The SPIs of both tunnels, once they stay: what changed before may still be negotiated anew. */
async function settled(): Promise<[west: string[], east: string[]]> {
  for (let tries = 20, before = ""; tries > 0; tries--) {
    expect((await verify()).code).toBe(0);
    const now: [string[], string[]] = [await spisOf("west"), await spisOf("east")];
    if (JSON.stringify(now) === before && now.every((spis) => spis.length > 0)) return now;
    before = JSON.stringify(now);
  }
  throw new Error("the tunnels do not come to rest");
}

describe("a generated key that is renewed", () => {
  let restore: () => void;
  let printed = "";
  let processes: string;
  let keys: string[];
  let west: string[];
  let east: string[];

  /** Raises or takes back the generation; what Pulumi says of it is kept. */
  async function renew(edit: Parameters<typeof editStack>[0]): Promise<void> {
    editStack(edit);
    // The tunnel, its key, and what Pulumi would tell of them with every detail.
    expect(await previewChanges()).toEqual({ replace: ["west-psk"], update: ["west"] });
    printed += (await labOk("pulumi", "preview", "--diff", "--debug")).output;
    printed += (await labOk("pulumi", "up", "--yes", "--diff", "--debug")).output;
  }

  beforeAll(async () => {
    restore = saveStack();
    [west, east] = await settled();
    const old = await generatedKey("west");
    const watch = new ProcessWatch();
    try {
      await renew((values) => {
        values.set("tunnels.0.pskGeneration", 2);
      });
    } finally {
      processes = watch.stop();
    }
    keys = [old, await generatedKey("west")];
  });

  afterAll(async () => {
    restore();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect((await verify()).code).toBe(0);
  });

  it("is another one, and its tunnel carries packets with it; the other kept its SPIs", async () => {
    expect(new Set(keys).size).toBe(2);
    expect((await verify()).code).toBe(0);
    expect(await spisOf("west")).not.toEqual(west);
    expect(await spisOf("east")).toEqual(east);
  });

  it("is never shown, neither the old nor the new one", async () => {
    const { stdout: state } = await labOk("pulumi", "stack", "export");
    const { output: logs } = await onGateway("cat /var/log/*");
    // PULUMI_CONFIG carries configuration to the program, as the real language host does.
    const others = processes.split("\n").filter((line) => !line.includes("PULUMI_CONFIG="));
    const places = { printed, state, logs, processes: others.join("\n") };
    for (const key of keys) {
      for (const [place, text] of Object.entries(places)) {
        expect([place, text.includes(key)]).toEqual([place, false]);
      }
      expect(exposedFiles(join(ROOT, ".toolchain/pulumi-home/logs"), key)).toEqual([]);
      expect(exposedFiles(join(ROOT, ".lab"), key)).toEqual([]);
      for (const file of await filesOnGateway(key)) {
        expect(file).toMatch(/^-rw------- \/etc\/iked\//);
      }
    }
  });
});
