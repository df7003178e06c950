import { join } from "node:path";
import { lab, labOk, onGateway, ROOT, run, verify } from "./support/lab";
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

  it("is in nobody's arguments or environment", () => {
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
