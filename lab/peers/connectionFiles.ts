import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Connection } from "./swanctl";

/** The swanctl files of one site, one per connection, 0600; those of other stacks stay. */
export class ConnectionFiles {
  /** Names of the connections whose text is new. */
  readonly changed: readonly string[];
  /** Names of this stack's connections that are wanted no more. */
  readonly removed: readonly string[];
  private readonly files: string;

  /** @param directory the site's, with the files in `conf.d`; nothing is written yet */
  constructor(
    private readonly directory: string,
    stack: string,
    private readonly connections: readonly Connection[],
  ) {
    this.files = join(directory, "conf.d");
    for (const path of [this.files, join(directory, "pubkey")]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
    const wanted = new Set(connections.map(({ name }) => name));
    this.changed = connections
      .filter(
        ({ name, text, gatewayKey }) =>
          read(this.path(name)) !== text || read(this.keyPath(name)) !== gatewayKey,
      )
      .map(({ name }) => name);
    this.removed = this.present().filter(
      (name) => name.startsWith(`${stack}-`) && !wanted.has(name),
    );
  }

  write(): void {
    for (const { name, text, gatewayKey } of this.connections) {
      if (!this.changed.includes(name)) continue;
      if (gatewayKey === undefined) rmSync(this.keyPath(name), { force: true });
      else writePrivate(this.keyPath(name), gatewayKey);
      writePrivate(this.path(name), text);
    }
    for (const name of this.removed) {
      rmSync(this.path(name));
      rmSync(this.keyPath(name), { force: true });
    }
  }

  /** Whether charon has read exactly these files: a run may have ended between writing and loading. */
  areLoaded(): boolean {
    return read(this.stamp()) === this.digest();
  }

  markLoaded(): void {
    writePrivate(this.stamp(), this.digest());
  }

  private present(): string[] {
    return readdirSync(this.files)
      .filter((file) => file.endsWith(".conf"))
      .map((file) => file.slice(0, -".conf".length))
      .sort();
  }

  private digest(): string {
    const hash = createHash("sha256");
    for (const name of this.present()) {
      hash.update(`${name}\n${read(this.path(name)) ?? ""}${read(this.keyPath(name)) ?? ""}`);
    }
    return hash.digest("hex");
  }

  private path(name: string): string {
    return join(this.files, `${name}.conf`);
  }

  /** Of the gateway's public key. */
  private keyPath(name: string): string {
    return join(this.directory, "pubkey", `${name}-gateway.pem`);
  }

  private stamp(): string {
    return join(this.directory, "loaded");
  }
}

const read = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, "utf8") : undefined;

function writePrivate(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
