import { GIB } from "../../config/units";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askHypervisor } from "../../components/hypervisor/preflight";
import type { StackConfig } from "../../config/schema";
import { temporaryFolder } from "./support/temporaryFolder";

const RUNNING = `State:          running\nAvailable:      ${8 * GIB}\n`;
const PATH = process.env.PATH;

/** Puts a virsh into PATH that answers by its third word: pool-info, vol-info or pool-list. */
function virsh(answers: Record<string, string | undefined>): void {
  const folder = temporaryFolder("virsh");
  const cases = Object.entries(answers).map(([command, answer]) =>
    answer === undefined
      ? `${command}) echo "error: no ${command}" >&2; exit 1 ;;`
      : `${command}) printf '%s' '${answer}' ;;`,
  );
  writeFileSync(join(folder, "virsh"), `#!/bin/sh\ncase $4 in\n${cases.join("\n")}\nesac\n`, {
    mode: 0o755,
  });
  process.env.PATH = `${folder}:${PATH}`;
}

function ask(
  source: object = { image: {} },
  protect = false,
  uri = "qemu:///system",
): ReturnType<typeof askHypervisor> {
  return askHypervisor({
    hypervisor: { uri, pool: "vg0", mediaPool: "media" },
    machine: { name: "gw", diskGiB: 4, protect },
    source,
  } as StackConfig);
}

function problems(source?: object, protect?: boolean): string[] {
  return ask(source, protect).problems.map(
    ({ path, message, fix }) => `${path}: ${message}: ${fix}`,
  );
}

afterEach(() => {
  process.env.PATH = PATH;
});

it("is content with a running pool that has room for the disk", () => {
  virsh({ "pool-info": RUNNING, "vol-info": undefined, desc: undefined });
  expect(ask()).toEqual({ problems: [], installed: false });
});

it("knows the word by which libvirt has the machine as protected, and asks only for one that is to be", () => {
  const metadata =
    '<protected xmlns="https://openbsd-ipsec-gateway.invalid/protection" word="k3j"/>';
  virsh({ "pool-info": RUNNING, "vol-info": `Capacity: ${4 * GIB}\n`, desc: "", metadata });
  expect([ask({ image: {} }, true).mark, ask().mark]).toEqual(["k3j", undefined]);
  virsh({ "pool-info": RUNNING, "vol-info": `Capacity: ${4 * GIB}\n`, desc: "" });
  expect(ask({ image: {} }, true).mark).toBeUndefined();
});

it("does not wait for a hypervisor that says nothing", () => {
  const childProcess = jest.requireActual<{ spawnSync: () => unknown }>("node:child_process");
  const limits: unknown[] = [];
  const spy = jest.spyOn(childProcess, "spawnSync").mockImplementation((...args: unknown[]) => {
    limits.push((args[2] as { timeout?: number }).timeout);
    const error = Object.assign(new Error("spawnSync virsh ETIMEDOUT"), { code: "ETIMEDOUT" });
    return { status: null, stdout: "", stderr: "", error };
  });
  try {
    expect(problems().join()).toMatch(/does not answer within 30 s/);
    expect(limits.every((limit) => limit === 30_000)).toBe(true);
  } finally {
    spy.mockRestore();
  }
});

it("asks over SSH by the program that insists on the host key", () => {
  const folder = temporaryFolder("virsh");
  writeFileSync(join(folder, "virsh"), `#!/bin/sh\necho "$3" >>${folder}/uris\n`, { mode: 0o755 });
  process.env.PATH = `${folder}:${PATH}`;
  ask({ image: {} }, false, "qemu+ssh://root@hv1/system");
  const uris = readFileSync(join(folder, "uris"), "utf8").trim().split("\n");
  expect(uris.length).toBeGreaterThan(1);
  for (const uri of uris)
    expect(uri).toMatch(/^qemu\+ssh:\/\/root@hv1\/system\?command=%2F.*%2Fssh$/);
});

it("is content with a disk of the declared size", () => {
  virsh({ "pool-info": RUNNING, "vol-info": `Capacity:       ${4 * GIB}\n` });
  expect(problems()).toEqual([]);
});

it.each([
  [
    "a hypervisor that does not answer",
    { "pool-info": undefined, "pool-list": undefined },
    /^hypervisor\.uri: qemu:\/\/\/system does not answer \(no pool-info\)/,
  ],
  [
    "a pool that does not exist",
    { "pool-info": undefined, "pool-list": " media    \n vg1    \n" },
    /^hypervisor\.pool: there is no pool vg0: write one of: media, vg1/,
  ],
  [
    "a pool that does not run",
    { "pool-info": RUNNING.replace("running", "inactive") },
    /^hypervisor\.pool: pool vg0 is not running: start it: virsh/,
  ],
  [
    "a pool without room",
    { "pool-info": RUNNING.replace(`${8 * GIB}`, `${GIB}`), "vol-info": undefined },
    /^machine\.diskGiB: pool vg0 has 1\.0 GiB free: write less than 4/,
  ],
  [
    "a disk of another size, which would be replaced",
    { "pool-info": RUNNING, "vol-info": `Capacity:       ${2 * GIB}\n` },
    /^machine\.diskGiB: the disk of gw has 2 GiB: write 2/,
  ],
])("names %s", (_what, answers, says) => {
  virsh(answers);
  expect(problems()[0]).toMatch(says);
});

describe("with an installation", () => {
  const disk = { "pool-info": RUNNING, "vol-info": `Capacity:       ${4 * GIB}\n` };
  const iso = { iso: { generation: 2, allowReinstall: false } };
  const from = (description: string) => {
    virsh({ ...disk, desc: description });
  };

  it("of the generation that is asked for there is nothing to do", () => {
    from("installation installation1a2b, generation 2");
    expect(ask(iso)).toEqual({ problems: [], installed: true });
  });

  it("of another generation it is made anew", () => {
    from("installation installation1a2b, generation 1");
    expect(ask(iso)).toEqual({ problems: [], installed: false });
  });

  it("whose disk is gone it is made anew", () => {
    virsh({
      ...disk,
      "vol-info": undefined,
      desc: "installation installation1a2b, generation 2",
    });
    expect(ask(iso).installed).toBe(false);
  });

  it("a protected gateway is not replaced unless that is allowed", () => {
    from("installation installation1a2b, generation 1");
    expect(problems(iso, true)).toEqual([
      expect.stringMatching(/^source\.iso\.generation: 2 would replace gw.*: write 1; or allowR/),
    ]);
    expect(problems({ iso: { generation: 2, allowReinstall: true } }, true)).toEqual([]);
  });

  it.each([
    ["installation installation1a2b, generation 1", { image: {} }, "an ISO"],
    ["installation image1a2b", iso, "an image"],
  ])("%s is not written over by another source", (description, source, made) => {
    from(description);
    expect(problems(source)).toEqual([
      expect.stringMatching(`^source: gw was made from ${made}: write that again`),
    ]);
  });

  it("a machine that something else made is left to libvirt", () => {
    from("No description for domain: gw");
    expect(ask(iso)).toEqual({ problems: [], installed: false });
  });
});

it("says so when virsh is not installed", () => {
  process.env.PATH = temporaryFolder("empty");
  expect(problems()[0]).toMatch(/virsh cannot be run/);
});
