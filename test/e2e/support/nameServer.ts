import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OFFICE_HOSTS } from "../../../lab/network/sites";
import { spawnOn } from "../../../lab/verify/namespaces";

const [HOST] = OFFICE_HOSTS;

/** A name server on a host of the gateway's own LAN. */
export class NameServer {
  static readonly address = HOST?.address ?? "";
  private readonly folder = mkdtempSync(join(tmpdir(), "names-"));
  private readonly hosts = join(this.folder, "hosts");
  private server: ChildProcess | undefined;

  /** Answers with these addresses, and with no others. */
  answer(records: Readonly<Record<string, string | readonly string[]>>): void {
    const lines = Object.entries(records).flatMap(([name, addresses]) =>
      [addresses].flat().map((address) => `${address} ${name}\n`),
    );
    writeFileSync(this.hosts, lines.join(""));
    if (this.server) this.server.kill("SIGHUP");
    else this.start();
  }

  /** Nobody answers any more. */
  stop(): void {
    this.server?.kill();
    this.server = undefined;
  }

  dispose(): void {
    this.stop();
    rmSync(this.folder, { recursive: true });
  }

  private start(): void {
    const options = [
      ...["--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--pid-file="],
      ...["--no-resolv", "--no-hosts", "--cache-size=0", `--addn-hosts=${this.hosts}`],
      ...[`--listen-address=${NameServer.address}`, "--bind-interfaces"],
    ];
    this.server = spawnOn(HOST?.machine ?? "", ["dnsmasq", ...options], { stdio: "ignore" });
  }
}
