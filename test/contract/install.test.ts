import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdtempSync } from "node:fs";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { INSTALLER_MARK } from "../../render/installerXml";

// The command as the stack calls it, with a virsh that behaves like the real one.
const ROOT = join(__dirname, "../..");
const MIB = 1024 ** 2;
const PLAN = {
  uri: "test:///",
  name: "gw-test",
  memoryMiB: 256,
  bridge: "br0",
  mac: "52:54:00:0a:0a:02",
  disk: { pool: "vg0", volume: "gw-test" },
  cds: [{ pool: "media", volume: "gw-test-install79-abc.iso" }],
};
let directory: string;

jest.setTimeout(60_000);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "virsh-"));
  copyFileSync(join(__dirname, "virshConsole.fake.cjs"), join(directory, "virsh"));
  chmodSync(join(directory, "virsh"), 0o755);
  put("power", "shut off");
  put("volumes", "gw-test-install79-abc.iso");
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function put(name: string, value: string): void {
  writeFileSync(join(directory, name), value);
}

function get(name: string): string {
  const file = join(directory, name);
  return existsSync(file) ? readFileSync(file, "latin1") : "";
}

async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; !holds(); looks += 1) {
    if (looks === 1500) throw new Error(`still not: ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isGone(record: string): boolean {
  try {
    process.kill(Number(get(record)), 0);
    return false;
  } catch {
    return true;
  }
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function install(
  plan: object = PLAN,
  ...more: string[]
): { child: ChildProcess; ended: Promise<Ended> } {
  const argv = ["--transcript", join(directory, "transcript"), "--values", "-", ...more];
  const child = spawn(process.execPath, ["--import", "tsx", "operate/cli.ts", "install", ...argv], {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: `${directory}${delimiter}${process.env.PATH ?? ""}`,
      FAKE_VIRSH: directory,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(JSON.stringify(plan));
  let out = "";
  let err = "";
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (err += text.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, out, err });
    });
  });
  return { child, ended };
}

test("blanks the disk, installs, prints the host key, and leaves neither machine nor CD", async () => {
  const { code, out, err } = await install().ended;
  expect(err).toContain("console: installer's menu");
  expect(out).toBe("ssh-ed25519 AAAAkey\n");
  expect(code).toBe(0);
  expect(get("definition")).toContain(INSTALLER_MARK);
  expect(get("disk")).toBe("\0".repeat(MIB));
  expect(get("calls")).toMatch(/^vol-upload --pool vg0 --vol gw-test .*--offset 0 --length/m);
  expect(get("calls").trimEnd()).toMatch(/\nvol-delete --pool media gw-test-install79-abc\.iso$/);
  expect(get("power")).toBe("shut off");
  expect(isGone("console.pid")).toBe(true);
  expect(isGone("holder.pid")).toBe(true);
  expect(get("transcript")).toContain("CONGRATULATIONS!");
  expect(statSync(join(directory, "transcript")).mode & 0o777).toBe(0o600);
});

test("--json gives the phases, with those before it", async () => {
  const plan = { ...PLAN, domainType: "qemu", before: { media: 1.5, upload: 2 } };
  const { out } = await install(plan, "--json").ended;
  const result = JSON.parse(out) as { hostKey: string; seconds: Record<string, number> };
  expect(result.hostKey).toBe("ssh-ed25519 AAAAkey");
  expect(Object.keys(result.seconds)).toEqual([
    ...["media", "upload", "boot", "answers", "installation", "stop", "total"],
  ]);
  expect(result.seconds).toMatchObject({ media: 1.5, upload: 2 });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s stops the machine and keeps the CD",
  async (signal) => {
    put("silent", "");
    const { child, ended } = install();
    await until(() => get("power") === "running" && get("console.pid") !== "");
    child.kill(signal);
    const { code, out, err } = await ended;
    expect(code).toBe(130);
    expect(out).toBe("");
    expect(err).toMatch(/interrupted[^]*The domain was stopped\.[^]*to resume: /);
    expect(get("power")).toBe("shut off");
    expect(get("calls")).not.toContain("vol-delete");
    expect(isGone("console.pid")).toBe(true);
  },
);

test("killed, it leaves no machine running", async () => {
  put("silent", "");
  const { child } = install();
  await until(() => get("power") === "running");
  child.kill("SIGKILL");
  await until(() => get("power") === "shut off" && isGone("holder.pid"));
});

test("what an interrupted run left is cleared away", async () => {
  put("power", "running");
  put("description", INSTALLER_MARK);
  expect((await install().ended).code).toBe(0);
  expect(get("calls")).toMatch(/^desc [^]*^destroy [^]*^vol-upload /m);
});

test("a machine of the name that is no installer is not touched, nor is the disk", async () => {
  put("power", "running");
  put("description", "installation installation1a2b, generation 1");
  const { code, err } = await install().ended;
  expect(err).toMatch(/gw-test: there is a machine of this name .*nothing was touched/);
  expect(code).toBe(1);
  expect(get("calls")).toBe("desc --domain gw-test\n");
  expect(get("power")).toBe("running");
});

test("without its CD nothing is blanked", async () => {
  put("volumes", "");
  const { code, err } = await install().ended;
  expect(err).toMatch(/install CD is not in pool media .*pulumi up --replace/);
  expect(code).toBe(1);
  expect(get("disk")).toBe("");
});

test("a hypervisor that refuses the machine is quoted", async () => {
  put("complaint", "Cannot access backing file");
  const { code, err } = await install().ended;
  expect(err).toMatch(/virsh create: error: Cannot access backing file[^]*to resume/);
  expect(code).toBe(1);
  expect(isGone("holder.pid")).toBe(true);
});

test.each([
  [{}, /uri: .*; name: /],
  [{ ...PLAN, domainType: "xen" }, /domainType: /],
  [{ ...PLAN, name: "gw'; reboot" }, /name: is not a usable name/],
])("the values %j are refused", async (plan, message) => {
  const { code, err } = await install(plan).ended;
  expect(err).toMatch(message);
  expect(code).toBe(1);
  expect(get("calls")).toBe("");
});
