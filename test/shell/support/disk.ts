import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { IKED_KEY } from "./texts";

const mayMount = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;
if (!mayMount) console.warn("SKIPPED: a full and a read-only disk need root");

/** `describe` where a disk can be mounted. */
export const withDisk = mayMount ? describe : describe.skip;

/** A file system of its own for the gateway's files; needs root. */
export class Disk {
  private mounted = false;

  constructor(private readonly root: string) {
    this.mount("-t", "tmpfs", "-o", "size=512k,mode=755", "tmpfs");
    this.mounted = true;
    fs.mkdirSync(path.join(root, "var/run"), { recursive: true });
    fs.mkdirSync(path.join(root, "etc/iked/private"), { recursive: true });
    fs.writeFileSync(path.join(root, "etc/iked/private/local.key"), IKED_KEY);
  }

  /** Space is gone, but files can be emptied and directories changed: the worst kind of full. */
  fill(): void {
    const filler = path.join(this.root, "filler");
    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"]);
  }

  free(): void {
    fs.rmSync(path.join(this.root, "filler"), { force: true });
  }

  readOnly(yes: boolean): void {
    this.mount("-o", `remount,${yes ? "ro" : "rw"}`);
  }

  dispose(): void {
    if (this.mounted) spawnSync("umount", [this.root]);
  }

  /** What a run in the background has open for a moment is in the way of a mount that is read-only. */
  private mount(...args: string[]): void {
    for (let tries = 1; ; tries++) {
      const { status, stderr } = spawnSync("mount", [...args, this.root], { encoding: "utf8" });
      if (status === 0) return;
      if (tries === 50 || !stderr.includes("busy")) throw new Error(stderr);
      spawnSync("sleep", ["0.1"]);
    }
  }
}
