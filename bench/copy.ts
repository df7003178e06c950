import type { Measurement } from "./report";
import { inLab, type Timed } from "./run";

const MIB = 1024 ** 2;
const SIZE = 6 * 1024 * MIB;
/** What the disk holds; the rest is zeros, as on a sealed one. */
const USED_MIB = 256;
/** In so many places, as a file system spreads it. */
const EXTENTS = 64;
const HERE = "qemu:///system";
const THERE = "qemu+ssh://root@10.99.0.2/system";
const NAME = "gw-bench-copy";
const SCRATCH = ".lab/bench-disk";

/**
 * A disk of 6 GiB that is mostly empty, from one hypervisor of the lab to the other: as
 * `promote --copy` does it, with SHA-256 and a look at both ends, and as dd, scp and dd, which prove
 * nothing. Each onto a new volume.
 */
export async function copying(): Promise<Measurement[]> {
  await inLab("./scripts/lab pulumi stack ls --stack prod >/dev/null");
  await clear();
  try {
    await inLab(`set -e
      virsh -q -c ${HERE} vol-create-as vg0 ${NAME} ${SIZE}
      disk=$(virsh -q -c ${HERE} vol-path ${NAME} --pool vg0)
      for n in $(seq 0 ${EXTENTS - 1}); do
        dd if=/dev/urandom of="$disk" bs=1M count=${USED_MIB / EXTENTS} seek=$((n * ${SIZE / MIB / EXTENTS} + 1)) \
          conv=notrunc status=none
      done`);
    const request = JSON.stringify({
      from: { uri: HERE, pool: "vg0", volume: NAME },
      to: { uri: THERE, pool: "vg0", volume: NAME },
      size: SIZE,
    });
    const ours = await onto(`node --import tsx bench/copyDisk.ts '${request}' >/dev/null`);
    const paths = [HERE, THERE].map((uri) => `$(virsh -q -c ${uri} vol-path ${NAME} --pool vg0)`);
    const there = "ssh -o BatchMode=yes root@10.99.0.2";
    const plain = await onto(`set -e
      dd if=${paths[0]} of=${SCRATCH} bs=1M status=none
      scp -O -q -o BatchMode=yes ${SCRATCH} root@10.99.0.2:$PWD/${SCRATCH}.there
      ${there} dd if=$PWD/${SCRATCH}.there of=${paths[1]} bs=1M status=none`);
    return [
      {
        name: "copy of a 6 GiB disk, 256 MiB of it used",
        value: ours.seconds,
        peer: { name: "dd, scp, dd", value: plain.seconds },
        target: "≥ 5×",
      },
      {
        name: "  bytes on the line between the hypervisors",
        value: ours.moved / MIB,
        unit: "MiB",
        peer: { name: "dd, scp, dd", value: plain.moved / MIB },
      },
    ];
  } finally {
    await clear();
  }
}

/** A way of copying onto a new volume: its time, and what crossed the line meanwhile. */
async function onto(command: string): Promise<Timed & { readonly moved: number }> {
  await removeVolume(THERE);
  await inLab(`virsh -q -c ${THERE} vol-create-as vg0 ${NAME} ${SIZE}`);
  // Nobody has a disk in memory that he is about to copy.
  await inLab(`sync
    for file in $(losetup -nO BACK-FILE | sort -u); do
      case $file in "$PWD"/*) dd of="$file" oflag=nocache conv=notrunc count=0 status=none ;; esac
    done`);
  const before = await crossed();
  const timed = await inLab(command);
  return { ...timed, moved: (await crossed()) - before };
}

async function crossed(): Promise<number> {
  const { stdout } = await inLab(`line=$(ip -o addr show to 10.99.0.1 | awk '{ print $2; exit }')
    awk -v line="\${line%%@*}:" '$1 == line { printf "%.0f", $2 + $10 }' /proc/net/dev`);
  return Number(stdout);
}

async function clear(): Promise<void> {
  await removeVolume(HERE);
  await removeVolume(THERE);
  await inLab(`rm -f ${SCRATCH} ${SCRATCH}.there`);
}

async function removeVolume(uri: string): Promise<void> {
  await inLab(`! virsh -q -c ${uri} vol-info ${NAME} --pool vg0 >/dev/null 2>&1 ||
    virsh -q -c ${uri} vol-delete ${NAME} --pool vg0`);
}
