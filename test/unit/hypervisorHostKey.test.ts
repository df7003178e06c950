import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostKeyProblems } from "../../components/hypervisor/hostKey";

const KEY = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${"I".repeat(43)}`;
const OTHER = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${"J".repeat(43)}`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "host-key-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function said(lines: readonly string[], system: readonly string[] = [], port = ""): string[] {
  const own = join(directory, "own");
  const systems = join(directory, "system");
  writeFileSync(own, lines.map((line) => `${line}\n`).join(""));
  writeFileSync(systems, system.map((line) => `${line}\n`).join(""));
  const uri = `qemu+ssh://root@hv1${port}/system?knownhosts=${own}`;
  return hostKeyProblems({ uri, hostKey: KEY }, [systems]).map(
    ({ path, message, fix }) => `${path} ${message}: ${fix}`,
  );
}

it("is content where the declared key is the only one that is known", () => {
  expect(said([`hv1 ${KEY}`, `hv2 ${OTHER}`])).toEqual([]);
  expect(said([`hv1 ${KEY} root@hv1`], [`hv1,10.0.0.1 ${KEY}`])).toEqual([]);
  expect(said([`[hv1]:2222 ${KEY}`, `hv1 ${OTHER}`], [], ":2222")).toEqual([]);
});

it("finds a hashed name", () => {
  const own = join(directory, "own");
  writeFileSync(own, `hv1 ${OTHER}\n`);
  execFileSync("ssh-keygen", ["-H", "-f", own], { stdio: "ignore" });
  const uri = `qemu+ssh://root@hv1/system?knownhosts=${own}`;
  expect(hostKeyProblems({ uri, hostKey: KEY }, [])).toHaveLength(1);
});

it.each([
  [
    "another one",
    [`hv1 ${OTHER}`],
    [],
    /is not the only key of hv1 .*leave one line: hv1 ssh-ed25519/,
  ],
  ["a second one", [`hv1 ${KEY}`, `hv1 ${OTHER}`], [], /is not the only key/],
  ["one by a pattern", [`hv1 ${KEY}`, `* ${OTHER}`], [], /is not the only key/],
  ["one of the whole machine", [`hv1 ${KEY}`], [`hv1 ${OTHER}`], /is not the only key/],
  ["an authority's", [`hv1 ${KEY}`, `@cert-authority hv1 ${KEY}`], [], /there is also @cert-auth/],
  [
    "none",
    [`hv2 ${KEY}`],
    [],
    /is not known for hv1 on this machine: add to .*: hv1 ssh-ed25519 AAAA/,
  ],
  ["a revoked one", [`@revoked hv1 ${KEY}`], [], /is not known/],
])("refuses %s", (_, own, system, message) => {
  expect(said(own, system)).toEqual([expect.stringMatching(message)]);
});

it("asks nothing where no key is declared, or the hypervisor is this machine", () => {
  expect(hostKeyProblems({ uri: "qemu+ssh://hv1/system?knownhosts=/none" }, [])).toEqual([]);
  expect(hostKeyProblems({ uri: "qemu:///system", hostKey: KEY }, [])).toEqual([]);
});
