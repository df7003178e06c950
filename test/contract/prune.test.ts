// Which volumes `promote --list` and `--prune` take for a gateway's, against a libvirt of files.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../../operate/command";
import { makeMedium } from "../../operate/promotion/copy/receipt";
import { sourcesIn } from "../../hypervisor/usedVolumes";
import { isNamedAfter, prune, roleOfName, volumesOf } from "../../operate/promotion/copy/volumes";

jest.setTimeout(180_000);

const ROOT = join(__dirname, "../..");
const { PATH, GATEWAY_PROJECT } = process.env;
const { signal } = new AbortController();
const io = { signal, out: () => undefined, err: () => undefined, terminal: false } as unknown as Io;
let folder: string;
let pool: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway-prune-"));
  symlinkSync(join(__dirname, "support/virshFiles.fake.sh"), join(folder, "virsh"));
  Object.assign(process.env, {
    PATH: `${folder}:${PATH ?? ""}`,
    FAKE_VIRSH: folder,
    GATEWAY_PROJECT: folder,
  });
  for (const file of ["Pulumi.yaml", "Pulumi.test.yaml"])
    cpSync(join(ROOT, file), join(folder, file));
  const other = readFileSync(join(ROOT, "Pulumi.test.yaml"), "utf8");
  writeFileSync(
    join(folder, "Pulumi.other.yaml"),
    other.replace("name: gw-test", "name: gw-test-b"),
  );
  pool = join(folder, "qemu_system", "vg0");
  mkdirSync(pool, { recursive: true });
  make("gw-test");
});
afterEach(() => {
  Object.assign(process.env, { PATH, GATEWAY_PROJECT });
  if (GATEWAY_PROJECT === undefined) delete process.env.GATEWAY_PROJECT;
  delete process.env.FAKE_VIRSH;
  rmSync(folder, { recursive: true });
});

function make(volume: string, text = ""): string {
  writeFileSync(join(pool, volume), text.padEnd(8192, "\0"));
  return join(pool, volume);
}

function machineHas(...sources: string[]): void {
  writeFileSync(join(pool, "..", "machine.xml"), sources.join("\n"));
}

const roles = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await volumesOf(["test"], io)).map(({ volume, role }) => [volume, role]));

it.each<[string, (path: string) => string]>([
  ["as a device of another name", (path) => `<source dev="${alias(path)}" index='1'/>`],
  ["as a file", (path) => `<source file='${path}'/>`],
  ["by its pool", () => "<source pool='vg0' volume='gw-test-sealed-20261127-1611'/>"],
])("a disk that a machine has %s is in use, and not removed", async (_, source) => {
  const volume = "gw-test-sealed-20261127-1611";
  const path = make(volume);
  machineHas(source(path));
  expect(await roles()).toEqual({ "gw-test": "declared", [volume]: "in use" });
  await expect(prune(["test"], volume, io)).rejects.toThrow(/is in use: nothing was removed/);
  machineHas("<source dev='/dev/null'/>", "<source/>");
  await prune(["test"], volume, io);
  expect(await roles()).toEqual({ "gw-test": "declared" });
});

/** What a path is called by device mapper, say. */
function alias(path: string): string {
  symlinkSync(path, join(folder, "dm-3"));
  return join(folder, "dm-3");
}

it("only what is marked is a gateway's: not what is merely called like it, and nothing of another stack", async () => {
  for (const name of ["data", "b", "b-sealed-20261127-1611", "sealed", "identity"])
    make(`gw-test-${name}`);
  make("gw-test-0123abcd", "openbsd-ipsec-gateway: incomplete copy of gw-x\n");
  make("gw-test-b-0123abcd", "openbsd-ipsec-gateway: incomplete copy of gw-x\n");
  make("gw-test-before-7.8");
  make("gw-test-00000001");
  const at = (volume: string) => ({ uri: "qemu:///system", pool: "vg0", volume });
  await makeMedium(at("gw-x"), at("gw-test-00000001"), Buffer.alloc(10_240));
  expect(await roles()).toEqual({
    "gw-test": "declared",
    "gw-test-0123abcd": "incomplete",
    "gw-test-00000001": "incomplete",
    "gw-test-00000001-identity": "identity",
    "gw-test-before-7.8": "before upgrade",
  });
  for (const volume of ["gw-test-data", "gw-test-b-0123abcd"]) {
    await expect(prune(["test"], volume, io)).rejects.toThrow(
      /nothing marks it as a volume of test/,
    );
    expect(readFileSync(join(pool, volume))).toHaveLength(8192);
  }
});

it("names and definitions are read as they are written", () => {
  expect(isNamedAfter("gw", ["gw-test", "a"], "gw-test-1")).toBe(false);
  expect(isNamedAfter("gw", ["gw-test", "a"], "gw-1")).toBe(true);
  expect(isNamedAfter("gw-test", ["gw"], "gw-test-1")).toBe(true);
  expect(roleOfName("gw", "gw-sealed-20261127-1611")).toBe("sealed");
  expect(roleOfName("gw", "gw-sealed-old")).toBeUndefined();
  expect(roleOfName("gw", "gw-0123abcd-before-7.9")).toBe("before upgrade");
  const xml = "<source protocol='nbd' name='x'/><source type='x' dev='/dev/mapper/vg0-a'>";
  expect(sourcesIn(xml)).toEqual([["/dev/mapper/vg0-a"]]);
});
