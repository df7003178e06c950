import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../support/tools";
import { Box } from "./box";

const STANDIN = join(__dirname, "../../../../lab/standin");
/** Programs of Linux that the stand-ins of OpenBSD's commands rest on. */
const HOST = ["nft", "ip", "conntrack"];
const FACES = ["pfctl", "ifconfig", "route", "uname"];

/** A directory with the stand-ins of OpenBSD's commands; the caller removes it. */
export function buildFaces(): string {
  const directory = mkdtempSync(join(tmpdir(), "faces-"));
  const args = ["build", "-C", STANDIN, "-o", join(directory, "faces"), "./cmd/standin"];
  expect(run("env", ["CGO_ENABLED=0", "go", ...args])).toMatchObject({ status: 0 });
  return directory;
}

/** A machine that answers as OpenBSD does, where the scripts of the stack look. */
export class OpenbsdBox extends Box {
  private readonly state = mkdtempSync(join(tmpdir(), "run-"));

  constructor(
    private readonly faces: string,
    setup: readonly string[],
  ) {
    super([]);
    mkdirSync(join(this.etc, "bin"));
    for (const face of FACES) this.ok(`ln -s /usr/libexec/host/faces /etc/bin/${face}`);
    for (const command of setup) this.ok(command);
  }

  public override close(): void {
    super.close();
    rmSync(this.state, { recursive: true, force: true });
  }

  protected override mounts(): string[] {
    const links = HOST.map((program) => `ln -s "$(command -v ${program})" /usr/libexec/host/`);
    return [
      `mount --bind ${this.etc} /etc`,
      `mount --bind ${this.state} /run`,
      "mount -t tmpfs none /usr/libexec",
      `mkdir /usr/libexec/host && cp ${this.faces}/faces /usr/libexec/host/`,
      `PATH=$PATH:/usr/sbin:/sbin; ${links.join(" && ")}`,
      "PATH=/etc/bin:$PATH; export PATH",
    ];
  }

  /** What a boot does: what was loaded is gone, and comes from the files. */
  public boot(): void {
    this.ok("rm -rf /run/pf; pfctl -q -e; pfctl -f /etc/pf.conf");
  }
}
