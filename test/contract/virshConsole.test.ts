import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ConsoleRefused, openVirshConsole, type ConsoleLine } from "../../hypervisor/console";

// The real setpriv and script(1) around a virsh that behaves like the real one.
const ROOT = join(__dirname, "../..");
const DOMAIN = "gw test";
const PATH = process.env.PATH ?? "";
let directory: string;
let line: ConsoleLine | undefined;

jest.setTimeout(60_000);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "virsh-"));
  copyFileSync(join(__dirname, "virshConsole.fake.cjs"), join(directory, "virsh"));
  chmodSync(join(directory, "virsh"), 0o755);
  process.env.PATH = `${directory}${delimiter}${PATH}`;
  process.env.FAKE_VIRSH = directory;
  put("power", "shut off");
});
afterEach(async () => {
  await line?.close();
  line = undefined;
  process.env.PATH = PATH;
  delete process.env.FAKE_VIRSH;
  rmSync(directory, { recursive: true });
});

function put(name: string, value: string): void {
  writeFileSync(join(directory, name), value);
}

function get(name: string): string {
  const file = join(directory, name);
  return existsSync(file) ? readFileSync(file, "latin1") : "";
}

/** Looks again until it holds; the limit only keeps a broken test from running for ever. */
async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; !holds(); looks += 1) {
    if (looks === 1500) throw new Error(`still not: ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function virshIsGone(): boolean {
  try {
    process.kill(Number(get("console.pid")), 0);
    return false;
  } catch {
    return true;
  }
}

describe("a console through virsh", () => {
  const ALL = Array.from({ length: 256 }, (_, byte) => byte);

  test("passes every byte, both ways, and nothing of virsh's own", async () => {
    put("power", "running");
    put("mode", "bytes");
    let heard = "";
    line = await openVirshConsole("test:///", DOMAIN, (bytes) => (heard += bytes));
    await until(() => heard.length >= 256);
    expect(Buffer.from(heard, "latin1")).toEqual(Buffer.from(ALL));
    const typed = Buffer.from(ALL.filter((byte) => byte !== 0x1d)).toString("latin1");
    line.write(typed);
    await until(() => get("typed").length >= 255);
    expect(get("typed")).toBe(typed);
    await line.close();
    expect(virshIsGone()).toBe(true);
  });

  test("closes by itself when the guest stops", async () => {
    put("power", "running");
    line = await openVirshConsole("test:///", DOMAIN, () => undefined);
    put("power", "shut off");
    expect(await line.closed).toBeUndefined();
    await until(virshIsGone);
    await line.close();
  });

  test("does not outlive a program that is killed", async () => {
    put("power", "running");
    const script = `require(${JSON.stringify(join(ROOT, "hypervisor/console.ts"))})
      .openVirshConsole("test:///", ${JSON.stringify(DOMAIN)}, () => undefined)`;
    const owner = spawn(process.execPath, ["--import", "tsx", "-e", script], {
      cwd: ROOT,
      env: { ...process.env },
    });
    await until(() => get("console.pid") !== "");
    owner.kill("SIGKILL");
    await until(virshIsGone);
  });

  test.each([
    ["operation failed: Active console session exists for this domain", "already in use"],
    ["internal error: character device console0 is not using a PTY", "type='pty'"],
    ["Couldn't create lock file for device '/dev/pts/0'", "/var/lock"],
    ["something new", "virsh did not open it: error: something new"],
  ])("%s is explained", async (complaint, advice) => {
    put("power", "running");
    put("mode", "refuse");
    put("complaint", complaint);
    line = await openVirshConsole("test:///", DOMAIN, () => undefined);
    expect(await line.closed).toContain(advice);
  });

  test("a domain that is off, and one that does not exist", async () => {
    const hear = (): void => undefined;
    await expect(openVirshConsole("test:///", DOMAIN, hear)).rejects.toThrow(ConsoleRefused);
    await expect(openVirshConsole("test:///", DOMAIN, hear)).rejects.toThrow("start it first");
    await expect(openVirshConsole("test:///", "x", hear)).rejects.toThrow("no such domain");
  });

  test("without virsh the missing package is named", async () => {
    const tools = join(directory, "tools");
    mkdirSync(tools);
    for (const tool of ["setpriv", "script"]) symlinkSync(`/usr/bin/${tool}`, join(tools, tool));
    process.env.PATH = tools;
    const opening = openVirshConsole("test:///", DOMAIN, () => undefined);
    await expect(opening).rejects.toThrow("install libvirt-clients");
  });
});
