import { closeSync, fsyncSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Volume } from "../../../contract/documents/operate";
import { inLab, lab, labOk, onGateway, quote, type Result, ROOT, verify } from "./lab";
import { letProdGo } from "./protection";
import { saveStack } from "./stackFile";

export const HERE = "qemu:///system";
export const OFFICE = "qemu+ssh://root@10.99.0.2/system";
export const MIB = 1024 ** 2;

/** In a pool at one of the two. */
export interface Disk {
  readonly uri: string;
  readonly pool: string;
  readonly volume: string;
}

/** Where the volumes of a hypervisor's pool are, by its URI. */
const folders: Record<string, string> = {};

/**
 * For a file whose tests make further gateways and disks: before them and after them there is test,
 * proven, and nothing else; prod's values are the project's.
 */
export function testAlone(): void {
  let restoreTest = (): void => undefined;
  beforeAll(async () => {
    await labOk("up");
    // The lab takes prod's values anew when it does not know where it has them from.
    rmSync(join(ROOT, ".lab/project/Pulumi.prod.yaml.from"), { force: true });
    await clear();
    restoreTest = saveStack();
    for (const uri of [HERE, OFFICE]) {
      const xml = (await inLab(`virsh -q -c ${uri} pool-dumpxml vg0`)).stdout;
      folders[uri] = /<path>(.*)<\/path>/.exec(xml)?.[1] ?? "";
    }
  });
  afterAll(async () => {
    await line("up");
    restoreTest();
    await clear();
    rmSync(join(ROOT, ".lab/project/Pulumi.prod.yaml.from"), { force: true });
    await labOk("up");
  });
}

/** Makes the second office, too, where there is none. */
async function clear(): Promise<void> {
  await letProdGo();
  await labOk("pulumi", "destroy", "--yes", "--skip-preview", "--stack", "prod");
  // Of a run without Pulumi.
  await inLab(`for what in destroy undefine; do virsh -q -c ${OFFICE} $what gw-prod; done`);
  for (const [uri, of] of [
    [HERE, "gw-test-"],
    [OFFICE, "gw-prod"],
  ]) {
    await inLab(`virsh -q -c ${uri} vol-list vg0 | awk '$1 ~ /^${of}/ { print $1 }' |
      while read -r name; do virsh -q -c ${uri} vol-delete "$name" vg0 </dev/null; done`);
  }
}

/**
 * Both tunnels of a stack are proven, at the third look at the latest: a peer that finds the old tunnel of
 * a gateway that was off dead may lose a packet of the new one. In clear there may never be one.
 */
export async function carriesPackets(stack: string): Promise<void> {
  for (let looks = 1; ; looks++) {
    const { tunnels } = await verify("--stack", stack, "--timeout", "300");
    expect(tunnels.map(({ name, cleartextOutside }) => [name, cleartextOutside])).toEqual([
      ["west", 0],
      ["east", 0],
    ]);
    if (tunnels.every(({ proven }) => proven)) return;
    if (looks === 3) throw new Error(`${stack} is not proven: ${JSON.stringify(tunnels)}`);
  }
}

/** What `pulumi up` asks for when a stack's disk is to be a copy. */
export function adopt(request: object, ...args: string[]): Promise<Result> {
  const json = quote(JSON.stringify(request));
  return inLab(`echo ${json} | ./scripts/gateway adopt --values - ${args.join(" ")}`);
}

export async function volumes(): Promise<Volume[]> {
  const { stdout } = await labOk("gateway", "promote", "--list", "--json");
  return JSON.parse(stdout) as Volume[];
}

/** What the disks of each stack are, sorted. */
export async function roles(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { stack, role } of await volumes()) (found[stack] ??= []).push(role);
  for (const list of Object.values(found)) list.sort();
  return found;
}

/** The first disk of a stack's that is this. */
export async function diskThatIs(role: Volume["role"], of: string): Promise<Volume> {
  const all = await volumes();
  const found = all.find((volume) => volume.role === role && volume.stack === of);
  if (!found) throw new Error(`no disk of ${of} is ${role}: ${JSON.stringify(all)}`);
  return found;
}

/** Of the device or file. */
export const fileOf = ({ uri, volume }: Disk): string => `${folders[uri] ?? ""}/${volume}`;

/** Whether a disk says of itself that it is not whole. */
export function isMarked(disk: Disk): Promise<boolean> {
  try {
    return Promise.resolve(readAt(disk, 0, 64).includes("incomplete copy of"));
  } catch {
    return Promise.resolve(false);
  }
}

export function readAt(disk: Disk, at: number, length: number): Buffer {
  const file = openSync(fileOf(disk), "r");
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, at));
  } finally {
    closeSync(file);
  }
}

export function writeAt(disk: Disk, at: number, bytes: Buffer): void {
  const file = openSync(fileOf(disk), "r+");
  writeSync(file, bytes, 0, bytes.length, at);
  fsyncSync(file);
  closeSync(file);
}

/** The administrator's line to the second hypervisor, which swallows everything while it is down. */
export async function line(state: "up" | "down"): Promise<void> {
  await lab("on", "hv2", "nft", "delete table ip cut");
  if (state === "up") return;
  const chain = "chain in { type filter hook prerouting priority -300; iifname admin0 drop; }";
  await labOk("on", "hv2", "nft", `table ip cut { ${chain}; }`);
}

export async function hostKeyOf(stack: string): Promise<string> {
  const output = ["output", "gateway", "--json", "--stack", stack];
  const { stdout } = await labOk("pulumi", "stack", ...output);
  return (JSON.parse(stdout) as { hostKey: string }).hostKey;
}

/** What belongs to test alone, as hex: keys, preshared keys, seeds. */
export async function secretsOfTest(): Promise<string[]> {
  const { stdout } = await onGateway(`for file in /etc/random.seed /var/db/host.random; do
      head -c 64 $file | hexdump -v -e '/1 "%02x"'; echo
    done
    # The first lines of all keys of a kind are the same.
    for file in /etc/ssh/ssh_host_ed25519_key /etc/iked/private/local.key; do
      grep -v -e ---- $file | sed -n 2p
    done
    sed -n 's/.*psk "\\(.*\\)".*/\\1/p' /etc/iked/*.conf`);
  const lines = stdout.split("\n").filter((line) => line.length > 20);
  return lines.map((line) =>
    /^[0-9a-f]{128}$/.test(line) ? line : Buffer.from(line).toString("hex"),
  );
}

/** How many of the secrets are on a disk, anywhere. */
export function occurrences(secrets: readonly string[], disk: Disk): number {
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
