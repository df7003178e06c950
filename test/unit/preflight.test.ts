import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hypervisorProblems } from "../../components/hypervisor/preflight";
import type { StackConfig } from "../../config/schema";

const GIB = 1024 ** 3;
const RUNNING = `State:          running\nAvailable:      ${8 * GIB}\n`;
const PATH = process.env.PATH;

/** Puts a virsh into PATH that answers by its third word: pool-info, vol-info or pool-list. */
function virsh(answers: Record<string, string | undefined>): void {
  const folder = mkdtempSync(join(tmpdir(), "virsh-"));
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

function problems(diskGiB = 4): string[] {
  const config = {
    hypervisor: { uri: "qemu:///system", pool: "vg0" },
    machine: { name: "gw", diskGiB },
  } as StackConfig;
  return hypervisorProblems(config).map(({ path, message, fix }) => `${path}: ${message}: ${fix}`);
}

afterEach(() => {
  process.env.PATH = PATH;
});

it("is content with a running pool that has room for the disk", () => {
  virsh({ "pool-info": RUNNING, "vol-info": undefined });
  expect(problems()).toEqual([]);
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
    { "pool-info": undefined, "pool-list": "media\nvg1\n" },
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
  expect(problems()).toEqual([expect.stringMatching(says)]);
});

it("says so when virsh is not installed", () => {
  process.env.PATH = mkdtempSync(join(tmpdir(), "empty-"));
  expect(problems()[0]).toMatch(/virsh cannot be run/);
});
