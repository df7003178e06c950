import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { onGateway } from "./lab";

/** Collects what any user of this machine could see of running processes: arguments, environment. */
export class ProcessWatch {
  private readonly seen = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  constructor() {
    this.timer = setInterval(() => {
      this.sample();
    }, 20);
  }

  public stop(): string {
    clearInterval(this.timer);
    return [...this.seen].join("\n");
  }

  private sample(): void {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      for (const file of ["cmdline", "environ"]) {
        try {
          // The test's own process knows the secret, and hands it on by standard input only.
          this.seen.add(readFileSync(`/proc/${pid}/${file}`, "utf8"));
        } catch {
          // It ended meanwhile.
        }
      }
    }
  }
}

/** Files below a folder that hold the text and that others than their owner may read. */
export function exposedFiles(folder: string, secret: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return exposedFiles(path, secret);
    }
    if (!entry.isFile() || statSync(path).size > 50 * 1024 * 1024) {
      return [];
    }
    const isPrivate = (statSync(path).mode & 0o077) === 0;
    return !isPrivate && readFileSync(path).includes(secret) ? [path] : [];
  });
}

/** Files on the gateway that hold the text, as `MODE PATH`, sorted. The text goes by stdin only. */
export async function filesOnGateway(secret: string): Promise<string[]> {
  // The bracket keeps the searching command itself from holding the text it searches.
  const pattern = `[${secret.slice(0, 1)}]${secret.slice(1)}`;
  const { stdout } = await onGateway(
    `find /etc /var /root /usr/local /tmp -xdev -type f -exec grep -l -e '${pattern}' {} + | while read -r f; do ls -l "$f"; done`,
  );
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `${line.split(/\s+/)[0] ?? ""} ${line.split(/\s+/).at(-1) ?? ""}`)
    .sort();
}
