import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Result, run } from "../unit/support/tools";

/**
 * What OpenIKED's own parser makes of a whole iked.conf. `-vv` prints the policies as understood,
 * keys included, which is why it is used with the golden key only.
 */
export function check(text: string): { problems: string; policies: string } {
  const folder = mkdtempSync(join(tmpdir(), "iked-"));
  try {
    const file = join(folder, "iked.conf");
    writeFileSync(file, placed(text), { mode: 0o600 });
    const quiet = iked(text, "-n", "-f", file);
    const { stdout, stderr } = iked(text, "-nvv", "-f", file);
    const said = quiet.stderr.trim();
    const fine = quiet.status === 0 && (said === "" || said === "configuration OK");
    return { problems: fine ? "" : `${quiet.status ?? "?"}: ${said}`, policies: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** With an address in place of a peer's name, as gwctl puts one: iked would look the name up. */
function placed(text: string): string {
  return text.replace(
    /^(\s+local (\S+) peer )[a-z][a-z0-9.-]*\.[a-z]+(?= )/gm,
    (_, before: string, own: string) =>
      before + (own.includes(":") ? "2001:db8:5::21" : "198.51.100.21"),
  );
}

/** iked looks for the interface of a rule: in a network of its own there is one of that name. */
function iked(text: string, ...args: string[]): Result {
  const interfaces = [...new Set(text.match(/\bsec\d+\b/g))];
  if (interfaces.length === 0) return run("iked", args);
  const make = interfaces.map((name) => `ip link add ${name} type bridge && `).join("");
  return run("unshare", ["--net", "sh", "-c", `${make}exec iked "$@"`, "sh", ...args]);
}
