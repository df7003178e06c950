// copyDisk.ts JSON: copies a disk as `gateway adopt` does, without giving it an identity.
import type { Disk } from "../contract/libvirt";
import { copyDisk, markIncomplete } from "../hypervisor/copy/disk";

async function main(): Promise<void> {
  const { from, to, size } = JSON.parse(process.argv[2] ?? "") as {
    from: Disk;
    to: Disk;
    size: number;
  };
  const { signal } = new AbortController();
  await markIncomplete(from, to, signal);
  process.stdout.write(JSON.stringify(await copyDisk(from, to, size, { signal })));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
