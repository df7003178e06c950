import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { virsh } from "../../console/virsh";
import type { Disk } from "./disk";
import { WINDOW } from "./windows";

/** What a piece of a disk is: nothing but zeros, or something with a SHA-256 (where it was asked). */
export type Piece = "zeros" | "used" | { readonly sha256: string };

// Read-only, with what every Linux has. Zeros are compared, which is quicker than a hash.
const LOOK = `set -eu
path=$1 size=$2 window=$3 hash=$4 at=0
[ -r "$path" ]
while [ "$at" -lt "$size" ]; do
  n=$window
  [ $((size - at)) -ge "$window" ] || n=$((size - at))
  if cmp -s -n "$n" -i "$at:0" "$path" /dev/zero; then
    echo zeros
  elif [ "$hash" = yes ]; then
    dd if="$path" bs=1M iflag=skip_bytes,count_bytes,fullblock skip="$at" count="$n" 2>/dev/null | sha256sum
  else
    echo used
  fi
  at=$((at + n))
done`;

/**
 * Looks at a disk where it is, over the SSH that its libvirt URI names or on this machine, so that
 * zeros and what is only to be hashed need not cross a wire.
 *
 * @returns undefined where that cannot be: another transport, no permission, other programs there
 */
export async function survey(
  disk: Disk,
  size: number,
  hash: boolean,
  signal: AbortSignal,
): Promise<readonly Piece[] | undefined> {
  const shell = shellAt(disk.uri);
  if (!shell) return undefined;
  const path = await virsh(disk.uri, "vol-path", "--pool", disk.pool, disk.volume);
  const words = [path, String(size), String(WINDOW), hash ? "yes" : "no"].map(quoted).join(" ");
  const [program, ...args] = [...shell, `sh -s -- ${words}`];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"], signal });
  child.stdin.on("error", () => undefined);
  child.stdin.end(LOOK);
  const pieces: Piece[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const sha256 = /^[0-9a-f]{64}/.exec(line)?.[0];
    pieces.push(sha256 !== undefined ? { sha256 } : line === "zeros" ? "zeros" : "used");
  });
  const status = await new Promise<number | null>((resolve) => {
    child.once("error", () => {
      resolve(null);
    });
    child.once("close", resolve);
  });
  signal.throwIfAborted();
  return status === 0 && pieces.length === Math.ceil(size / WINDOW) ? pieces : undefined;
}

/** What runs a command line at a hypervisor; undefined if only libvirt reaches it. */
export function shellAt(uri: string): readonly [string, ...string[]] | undefined {
  const { protocol, hostname, port, username, searchParams } = new URL(uri);
  if (!protocol.includes("+") && hostname === "") return ["sh", "-c"];
  if (!protocol.endsWith("+ssh:") || hostname === "") return undefined;
  const keyfile = searchParams.get("keyfile");
  const knownHosts = searchParams.get("knownhosts");
  return [
    "ssh",
    ...["-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15"],
    ...(keyfile === null ? [] : ["-i", keyfile]),
    ...(knownHosts === null ? [] : ["-o", `UserKnownHostsFile=${knownHosts}`]),
    ...(port === "" ? [] : ["-p", port]),
    username === "" ? hostname : `${decodeURIComponent(username)}@${hostname}`,
  ];
}

const quoted = (word: string): string => `'${word.replace(/'/g, `'\\''`)}'`;
