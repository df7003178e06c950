import { randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Result, run } from "../../support/tools";

/** What programs need of /etc to run at all. */
const BORROWED = [
  "passwd",
  "group",
  "nsswitch.conf",
  "ld.so.cache",
  "alternatives",
  "protocols",
  "services",
  "ethertypes",
  "iproute2",
];

/** A machine with a network and an /etc of its own; nothing of this one is touched. */
export class Box {
  public readonly name = `gwtest-${randomBytes(4).toString("hex")}`;
  public readonly etc = mkdtempSync(join(tmpdir(), "box-"));

  constructor(setup: readonly string[]) {
    chmodSync(this.etc, 0o755);
    for (const file of BORROWED.filter((one) => existsSync(join("/etc", one)))) {
      cpSync(join("/etc", file), join(this.etc, file), { recursive: true, verbatimSymlinks: true });
    }
    mkdirSync(join(this.etc, "network/if-up.d"), { recursive: true });
    expect(run("ip", ["netns", "add", this.name])).toMatchObject({ status: 0, stderr: "" });
    for (const command of setup) this.ok(command);
  }

  public close(): void {
    run("ip", ["netns", "del", this.name]);
    rmSync(this.etc, { recursive: true, force: true });
  }

  /** A shell command on the box, as root. A systemd of the machine that runs the tests is not its. */
  public sh(command: string, input = ""): Result {
    const inside = [...this.mounts(), command].join(" && ");
    const enter = [`--net=/run/netns/${this.name}`, "--", "unshare", "--mount", "sh", "-c", inside];
    return run("nsenter", enter, input);
  }

  /** Commands that make the place the command finds itself in. */
  protected mounts(): string[] {
    return [`mount --bind ${this.etc} /etc`, "mount -t tmpfs none /run"];
  }

  public ok(command: string, input = ""): string {
    const result = this.sh(command, input);
    expect({ command, ...result }).toMatchObject({ status: 0, stderr: "" });
    return result.stdout;
  }

  /** A script as the stack runs it. */
  public script(text: string, verb: "apply" | "remove" | "state"): string {
    return this.ok(`sh -s ${verb}`, text);
  }

  /** What a script that must fail says. */
  public refusal(text: string): string {
    const { status, stderr } = this.sh("sh -s apply", text);
    expect(status).not.toBe(0);
    return stderr.trim();
  }

  /** The same while the disk with /etc has so many pages of 4 KiB free; there is room again afterwards. */
  public onFullDisk(text: string, verb: "apply" | "remove", pages: number): Result {
    const inside = [
      "mount -t tmpfs -o size=8m none /mnt",
      "cp -a /etc/. /mnt/",
      "mount --bind /mnt /etc",
      "{ dd if=/dev/zero of=/etc/fill bs=4k 2>/dev/null || true; }",
      `truncate -s -${pages * 4096} /etc/fill`,
      `{ sh -s ${verb}; status=$?; rm -f /etc/fill; true; }`,
      `find ${this.etc} -mindepth 1 -delete`,
      `cp -a /etc/. ${this.etc}/`,
      "(exit $status)",
    ];
    return this.sh(inside.join(" && "), text);
  }

  public file(path: string): string {
    return readFileSync(join(this.etc, path), "utf8");
  }

  public has(path: string): boolean {
    return existsSync(join(this.etc, path));
  }
}
