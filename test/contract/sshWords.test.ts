import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshArguments, type SshTarget } from "../../render/sshArguments";

/** What the operator's ssh(1) makes of our words. Nothing is connected to. */
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ssh-words-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const target = (over: Partial<SshTarget>): SshTarget => ({
  name: "gw",
  host: "192.0.2.1",
  port: 22,
  user: "root",
  hostKey: "ssh-ed25519 AAAAgw",
  ...over,
});

/** The words that the program between us and the jump host was called with. */
function wordsOfProxy(jump: Partial<SshTarget>, over: Partial<SshTarget> = {}): string[] {
  const bin = join(directory, "bin");
  mkdirSync(bin);
  const words = join(directory, "words");
  const fake = `#!/bin/sh\nfor word; do printf '%s\\n' "$word"; done >"$WORDS"\n`;
  writeFileSync(join(bin, "ssh"), fake, { mode: 0o755 });
  const args = sshArguments(target({ ...over, jump: target(jump) }), join(directory, "known 100%"));
  const real = spawnSync("sh", ["-c", "command -v ssh"], { encoding: "utf8" }).stdout.trim();
  const env = { PATH: `${bin}:${process.env.PATH ?? ""}`, WORDS: words, SHELL: "/bin/sh" };
  spawnSync(real, [...args, "true"], { cwd: directory, env, stdio: "ignore" });
  return readFileSync(words, "utf8").trimEnd().split("\n");
}

test.each([
  ["an apostrophe", "o'neill/key"],
  ["a percent sign", "50%done/100%h/key"],
  ["a space, a quote and a backslash", 'on call/"a"\\b/key'],
  ["what would be commands", "$(touch pwned)`touch pwned`;touch pwned/key"],
])("a key file may have %s in its path, also on a jump host", (_, name) => {
  const file = join(directory, name);
  const words = wordsOfProxy({ identityFile: file });
  const proxied = words.filter((word) => word.startsWith("IdentityFile="));
  // The jump host's ssh reads this value as the outer one reads its own.
  const [value = ""] = proxied;
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "no key");
  const read = spawnSync(
    "ssh",
    ["-v", "-F", "none", "-o", value, "-o", "ProxyCommand=false", "x"],
    {
      encoding: "utf8",
    },
  );
  // Its messages write a backslash as two.
  expect(read.stderr).toContain(`identity file ${file.replaceAll("\\", "\\\\")} type`);
  expect(existsSync(join(directory, "pwned"))).toBe(false);
});

test("a host or a user that reached this point unchecked is neither a command nor an option", () => {
  const words = wordsOfProxy({ host: "-oProxyCommand=touch pwned", user: "x'$(touch pwned)%h" });
  expect(words.slice(-2)).toEqual(["--", "x'$(touch pwned)%h@-oProxyCommand=touch pwned"]);
  expect(existsSync(join(directory, "pwned"))).toBe(false);
});

test("an address of IPv6 behind a jump host keeps its port apart", () => {
  expect(wordsOfProxy({}, { host: "2001:db8::1", port: 2222 })).toContain("[2001:db8::1]:2222");
});
