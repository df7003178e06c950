import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lab, labOk, ROOT } from "./lab";

/** The other side of a tunnel of stack test, and what its administrator might do to it. */
export class RemoteSite {
  private readonly file: string;
  private readonly text: string;

  constructor(readonly name: string) {
    this.file = join(ROOT, `.lab/peers/${name}/conf.d/test-${name}.conf`);
    this.text = readFileSync(this.file, "utf8");
  }

  /** Configures it differently, ends the tunnel and tries to start it anew. */
  async misconfigure(form: RegExp, replacement: string): Promise<void> {
    const text = this.text.replace(form, replacement);
    if (text === this.text) throw new Error(`${this.file}: nothing matches ${String(form)}`);
    writeFileSync(this.file, text, { mode: 0o600 });
    await this.restart();
  }

  async repair(): Promise<void> {
    writeFileSync(this.file, this.text, { mode: 0o600 });
    await this.restart();
  }

  async kill(): Promise<void> {
    await labOk("site", this.name, "kill");
  }

  async start(): Promise<void> {
    await labOk("site", this.name, "start");
    await this.initiate();
  }

  /** Drops what comes out of the tunnel. */
  async dropInside(): Promise<void> {
    await labOk("on", this.name, "nft", "add table ip fault");
    const chain = "add chain ip fault forward { type filter hook forward priority 0; }";
    await labOk("on", this.name, "nft", chain);
    await labOk("on", this.name, "nft", "add rule ip fault forward ip protocol icmp drop");
  }

  async admitInside(): Promise<void> {
    await lab("on", this.name, "nft", "delete table ip fault");
  }

  /** Ends the tunnel. Fails where there is nothing to end. */
  async terminate(): Promise<void> {
    await lab("site", this.name, "terminate", `test-${this.name}`);
  }

  /** Ends the tunnel, and is at once somebody else to a firewall that knew it. */
  async leave(): Promise<void> {
    await this.terminate();
    await labOk("perimeter", "conntrack", "-F");
    await this.initiate();
  }

  private async restart(): Promise<void> {
    await labOk("site", this.name, "load");
    await this.terminate();
    // Fails where the gateway does not agree: as it should be.
    await this.initiate();
  }

  private async initiate(): Promise<void> {
    await lab("site", this.name, "initiate", `test-${this.name}`);
  }
}
