import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { diskHash, PIECE, pieceOf } from "../../operate/promotion/copy/pieces";
import type { Volume } from "../../operate/promotion/copy/volumes";
import { inLab, lab, labOk, onGateway, quote, type Result, ROOT, verify } from "./support/lab";
import { processesWith } from "./support/processes";
import { editStack, saveStack } from "./support/stackFile";

const GONE = "deleted-before-the-copy-9f4c2e7a1b";
const HERE = "qemu:///system";
const OFFICE = "qemu+ssh://root@10.99.0.2/system";
const MIB = 1024 ** 2;
const GIB = 1024 * MIB;

const promote = (...args: string[]) => lab("gateway", "promote", "--yes", "prod", ...args);

describe("a copy of the test gateway's disk as prod's", () => {
  /** What belongs to test alone, as hex: keys, preshared keys, seeds, and the text of a deleted file. */
  let secrets: string[] = [];
  let sealed: Disk;
  let sealedHash = "";
  let restoreTest: () => void;
  let restoreProd: () => void;
  /** The disk that prod gets, as its file names it. */
  let disk: Disk;
  let hostKey = "";

  beforeAll(async () => {
    await labOk("up");
    // Whatever stood there, and the second office.
    await labOk("pulumi", "stack", "ls", "--stack", "prod");
    await removeProd();
    await removeVolumes();
    [restoreTest, restoreProd] = [saveStack(), saveStack("prod")];
    for (const uri of [HERE, OFFICE]) {
      const xml = (await inLab(`virsh -q -c ${uri} pool-dumpxml vg0`)).stdout;
      folders[uri] = /<path>(.*)<\/path>/.exec(xml)?.[1] ?? "";
    }
  });

  afterAll(async () => {
    await line("up");
    await removeProd();
    await inLab(`for what in destroy undefine; do virsh -q -c ${OFFICE} $what gw-prod; done`);
    restoreProd();
    restoreTest();
    await removeVolumes();
    await labOk("up");
    expect((await verify()).code).toBe(0);
  });

  it("test comes back when the command is killed while it is off", async () => {
    const killed = promote("--copy", "--stop-before-up");
    await until(async () => (await stateOf("gw-test")) === "shut off");
    kill("promote");
    await killed;
    await until(async () => (await stateOf("gw-test")) === "running");
    expect((await verify("--timeout", "300")).code).toBe(0);
    // It has test's keys on it, and says so.
    const left = (await volumes()).filter(({ role }) => role === "unsealed");
    expect(left.map(({ stack }) => stack)).toEqual(["test"]);
    await labOk("gateway", "promote", "--prune", left[0]?.volume ?? "");
    expect(await roles()).toEqual({ test: ["in use"] });
  });

  it("is sealed while test is off for a moment, and test carries packets again", async () => {
    await onGateway(`echo ${GONE} >/etc/gone && sync && rm /etc/gone && sync`);
    secrets = await secretsOfTest();
    const { code, output } = await promote("--copy", "--stop-before-up", "--timeout", "300");
    expect([code, output]).toEqual([0, expect.stringMatching(/gw-test is on again after \d+ s/)]);
    expect(output).toMatch(/seal a copy of test's disk: gw-test-sealed-\S+, 2\.0 GiB, SHA-256/);
    expect((await verify("--timeout", "300")).code).toBe(0);
    expect(await roles()).toEqual({ test: ["in use", "sealed"] });
    const found = (await volumes()).find(({ role }) => role === "sealed");
    sealed = { uri: HERE, pool: "vg0", volume: found?.volume ?? "" };
    const file = readFileSync(join(ROOT, ".lab/project/Pulumi.prod.yaml"), "utf8");
    disk = { uri: OFFICE, pool: "vg0", volume: /^ +volume: (gw-prod-\w+)$/m.exec(file)?.[1] ?? "" };
    expect(file).toContain(`volume: ${sealed.volume}`);
    sealedHash = /sha256: (\w+)/.exec(file)?.[1] ?? "";
  });

  it("does not end while the network is cut, and leaves what says that it is incomplete", async () => {
    const cut = adopt(disk);
    await until(() => isMarked(disk));
    await line("down");
    const { code, output } = await cut;
    await line("up");
    expect([code, output]).toEqual([1, expect.stringMatching(/virsh|connection|keepalive/i)]);
    expect(await roles()).toMatchObject({
      prod: expect.arrayContaining(["incomplete"]) as string[],
    });
    // Whoever takes it for a gateway's is told.
    const taken = await adoptWith({ to: disk, hostKey: "ssh-ed25519 A" });
    expect(taken.output).toMatch(/is an unfinished copy of gw-test-sealed/);
    expect((await verify()).code).toBe(0);
  });

  it("is gone on with, and taken over as it is by a run that did not know of it", async () => {
    const { code, output, stdout } = await adopt(disk, {}, "--json");
    expect([code, output]).toEqual([0, expect.any(String)]);
    const first = JSON.parse(stdout) as { hostKey: string };
    hostKey = first.hostKey;
    // As if this had been Pulumi's, killed before the state was saved.
    const again = await adopt(disk, {}, "--json");
    expect(JSON.parse(again.stdout)).toEqual(first);
    expect(await roles()).toMatchObject({ prod: ["declared", "identity"] });
  });

  it("comes up with an identity of its own, beside test, and both carry packets", async () => {
    // A disk of before, to go back to.
    await inLab(`virsh -q -c ${OFFICE} vol-clone ${disk.volume} gw-prod-before --pool vg0`);
    await labOk("pulumi", "up", "--yes", "--skip-preview", "--stack", "prod");
    for (const stack of ["prod", "test"]) {
      const { tunnels } = await verify("--stack", stack, "--timeout", "300");
      expect(tunnels.map(({ name, proven }) => [stack, name, proven])).toEqual([
        [stack, "west", true],
        [stack, "east", true],
      ]);
    }
    // One after the other: the lab selects the stack.
    expect(await hostKeyOf("prod")).toBe(hostKey);
    expect(await hostKeyOf("test")).not.toBe(hostKey);
    await labOk("pulumi", "preview", "--expect-no-changes", "--stack", "prod");
  });

  it("holds no byte of what is test's alone, in files or where files were", async () => {
    expect(secrets.length).toBeGreaterThan(6);
    const found: Record<string, number> = {};
    for (const volume of await volumes()) {
      found[`${volume.stack} ${volume.role}`] = occurrences(secrets, volume);
    }
    expect(found["test in use"]).toBeGreaterThanOrEqual(4);
    expect(found).toMatchObject({
      // The search finds the keys where they are; a reboot takes new seeds.
      "test in use": expect.any(Number) as number,
      "test sealed": 0,
      "prod in use": 0,
    });
  });

  it.each<[string, { volume?: string; bytes: number }, RegExp]>([
    [
      "a target that is there",
      { bytes: 2 * GIB },
      /is in pool vg0 at \S+ already, and no unfinished copy/,
    ],
    ["a target too small", { volume: "gw-prod-x", bytes: GIB }, /1\.0 GiB are too small for/],
    ["a full target", { volume: "gw-prod-x", bytes: 900 * GIB }, /the disk it takes 900\.0 GiB/],
  ])("refuses %s before anything is touched", async (_, { volume, bytes }, message) => {
    const before = await roles();
    const to = volume === undefined ? disk : { ...disk, volume };
    const { code, output } = await adopt(to, { bytes });
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
    expect(await roles()).toEqual(before);
    expect((await verify("--stack", "prod")).code).toBe(0);
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
    const sha256 = diskHash(pieces, size);
    const copying = adopt(to, { from, sha256, bytes: size });
    await until(() => isMarked(to));
    writeAt(from, size - 4096, randomBytes(4096));
    const { code, output } = await copying;
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/source changed|is not what is read back/),
    ]);
    const { output: taken } = await adoptWith({ to, hostKey: "ssh-ed25519 A" });
    expect(taken).toMatch(/is an unfinished copy of gw-test-small/);
    await inLab(`virsh -q -c ${HERE} vol-delete gw-test-small vg0
      virsh -q -c ${OFFICE} vol-delete gw-prod-small vg0`);
  });

  it("and prod goes back to the disk before, with the same proof", async () => {
    const key = await hostKeyOf("prod");
    editStack((values) => {
      values.set("retained", [{ volume: "gw-prod-before", hostKey: key }]);
    }, "prod");
    const { code, output } = await promote("--rollback", "--timeout", "300");
    expect([code, output]).toEqual([0, expect.stringMatching(/prove prod: proven, recorded/)]);
    expect(output).toMatch(/preview prod again: no changes/);
    const prod = (await volumes()).filter(({ stack }) => stack === "prod");
    expect(Object.fromEntries(prod.map(({ volume, role }) => [volume, role]))).toEqual({
      [disk.volume]: "retained",
      [`${disk.volume}-identity`]: "identity",
      "gw-prod-before": "in use",
    });
    expect((await verify("--stack", "prod")).code).toBe(0);
  });

  it("goes on after a kill for a hypervisor without Pulumi, and answers there", async () => {
    await removeProd();
    const to = { ...disk, volume: "gw-prod" };
    const killed = adopt(to);
    await until(() => isMarked(to));
    kill("adopt");
    await killed;
    const { code, output } = await promote("--copy", "--xml-only");
    expect([code, output]).toEqual([0, expect.stringMatching(/^-.*<name>gw-test<\/name>/m)]);
    expect(output).toContain(`seal a copy of test's disk: ${sealed.volume}`);
    expect(output).toMatch(/wait for gw-prod on SSH: answers, with the key it told on its console/);
    expect(occurrences(secrets, to)).toBe(0);
    expect((await promote("--copy", "--xml-only")).output).toMatch(
      /there is a machine of this name/,
    );
  });

  interface Request {
    readonly from: Disk;
    readonly volume: string;
    readonly bytes: number;
    readonly sha256: string;
  }

  /** What `pulumi up` does with prod's values. */
  function adopt(to: Disk, changes: Partial<Request> = {}, ...args: string[]): Promise<Result> {
    const request = {
      from: changes.from ?? sealed,
      sha256: changes.sha256 ?? sealedHash,
      to,
      bytes: changes.bytes ?? 2 * GIB,
      machine: { domainType: "qemu", memoryMiB: 256, tcgBufferMiB: 128 },
      identity: {
        ...{ hostname: "gw-prod", interface: "vio0", address: "10.12.0.2/24" },
        ...{ gateway: "10.12.0.1", dns: [] },
        sshPublicKeys: [readFileSync(join(ROOT, ".lab/keys/admin.pub"), "utf8").trim()],
      },
    };
    return adoptWith(request, ...args);
  }
});

/** Where the volumes of a hypervisor's pool are, by its URI. */
const folders: Record<string, string> = {};

interface Disk {
  readonly uri: string;
  readonly pool: string;
  readonly volume: string;
}

function adoptWith(request: object, ...args: string[]): Promise<Result> {
  const json = quote(JSON.stringify(request));
  return inLab(`echo ${json} | ./scripts/gateway adopt --values - ${args.join(" ")}`);
}

const fileOf = ({ uri, volume }: Disk): string => `${folders[uri] ?? ""}/${volume}`;

/** Whether a disk says of itself that it is not whole. */
function isMarked(disk: Disk): Promise<boolean> {
  try {
    return Promise.resolve(readAt(disk, 0, 64).includes("incomplete copy of"));
  } catch {
    return Promise.resolve(false);
  }
}

function readAt(disk: Disk, at: number, length: number): Buffer {
  const file = openSync(fileOf(disk), "r");
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, at));
  } finally {
    closeSync(file);
  }
}

function writeAt(disk: Disk, at: number, bytes: Buffer): void {
  const file = openSync(fileOf(disk), "r+");
  writeSync(file, bytes, 0, bytes.length, at);
  fsyncSync(file);
  closeSync(file);
}

/** Ends this lab's command as a power loss would. */
function kill(command: string): void {
  const found = processesWith(join(ROOT, "operate/cli.ts"), command);
  expect(found).not.toEqual([]);
  for (const pid of found) process.kill(pid, "SIGKILL");
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2400; tries++) {
    if (await what()) return;
    await sleep(50);
  }
  throw new Error("it never came to that");
}

async function stateOf(domain: string): Promise<string> {
  return (await inLab(`virsh -q -c ${HERE} domstate ${domain}`)).stdout.trim();
}

/** The administrator's line to the second hypervisor. */
async function line(state: "up" | "down"): Promise<void> {
  await inLab(`name=$(ip -o addr show to 10.99.0.1 | awk '{ print $2; exit }')
    ip link set "\${name%%@*}" ${state}`);
}

async function removeProd(): Promise<void> {
  await inLab("pulumi -C .lab/project state unprotect --all --yes --stack prod --non-interactive");
  await labOk("pulumi", "destroy", "--yes", "--skip-preview", "--stack", "prod");
}

async function removeVolumes(): Promise<void> {
  for (const [uri, of] of [
    [HERE, "gw-test-"],
    [OFFICE, "gw-prod"],
  ]) {
    await inLab(`virsh -q -c ${uri} vol-list vg0 | awk '$1 ~ /^${of}/ { print $1 }' |
      while read -r name; do virsh -q -c ${uri} vol-delete "$name" vg0 </dev/null; done`);
  }
}

async function volumes(): Promise<Volume[]> {
  const { stdout } = await labOk("gateway", "promote", "--list", "--json");
  return JSON.parse(stdout) as Volume[];
}

async function roles(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { stack, role } of await volumes()) (found[stack] ??= []).push(role);
  return found;
}

async function hostKeyOf(stack: string): Promise<string> {
  const output = ["output", "gateway", "--json", "--stack", stack];
  const { stdout } = await labOk("pulumi", "stack", ...output);
  return (JSON.parse(stdout) as { hostKey: string }).hostKey;
}

async function secretsOfTest(): Promise<string[]> {
  const { stdout } = await onGateway(`for file in /etc/random.seed /var/db/host.random; do
      head -c 64 $file | hexdump -v -e '/1 "%02x"'; echo
    done
    # The first lines of all keys of a kind are the same.
    for file in /etc/ssh/ssh_host_ed25519_key /etc/iked/private/local.key; do
      grep -v -e ---- $file | sed -n 2p
    done
    sed -n 's/.*psk "\\(.*\\)".*/\\1/p' /etc/iked/*.conf`);
  const lines = stdout.split("\n").filter((line) => line.length > 20);
  const hex = lines.map((line) =>
    /^[0-9a-f]{128}$/.test(line) ? line : Buffer.from(line).toString("hex"),
  );
  return [...hex, Buffer.from(GONE).toString("hex")];
}

/** How many of the secrets are on a disk, anywhere. */
function occurrences(secrets: readonly string[], disk: Disk): number {
  const missing = new Set(secrets.map((hex) => Buffer.from(hex, "hex")));
  const all = missing.size;
  const step = 16 * MIB;
  const overlap = 4096;
  for (let at = 0, bytes; (bytes = readAt(disk, at, step)).length > 0; at += step - overlap) {
    for (const secret of missing) if (bytes.includes(secret)) missing.delete(secret);
    if (bytes.length < step) break;
  }
  return all - missing.size;
}
