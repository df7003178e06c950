import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../../operate/cli";
import { document } from "../../support/documents";
import { GATEWAY, peerTunnel } from "../../../golden/peers/cases";
import { withLists } from "../support/deployed";

const KEY = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";
const path = { before: process.env.PATH };
let folder: string;

/** A `pulumi` with the outputs of a deployed stack; the keys only when asked for secrets. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "peer-"));
  const tunnels = [peerTunnel("strongswan", 2, true), peerTunnel("mikrotik", 2, true)].map(
    withLists,
  );
  const [west, east] = tunnels;
  const all = { gateway: GATEWAY, tunnels: [west, { ...east, name: "east", vendor: "mikrotik" }] };
  const outputs = { ...all, presharedKeys: "[secret]" };
  writeFileSync(join(folder, "hidden"), JSON.stringify(outputs));
  const keys = { west: KEY, east: KEY };
  writeFileSync(join(folder, "shown"), JSON.stringify({ ...all, presharedKeys: keys }));
  const program = join(folder, "pulumi");
  writeFileSync(
    program,
    `#!/bin/sh\ncase "$*" in *--show-secrets*) exec cat ${folder}/shown ;; esac\nexec cat ${folder}/hidden\n`,
  );
  chmodSync(program, 0o755);
  process.env.PATH = `${folder}:${path.before ?? ""}`;
});

afterEach(() => {
  process.env.PATH = path.before;
  rmSync(folder, { recursive: true });
});

async function gateway(argv: readonly string[], terminal = false) {
  let out = "";
  let err = "";
  const status = await main(argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    terminal,
    stdin: () => Promise.resolve(""),
    signal: new AbortController().signal,
  });
  return { status, out, err };
}

test("prints the other end with a placeholder for the key", async () => {
  const { status, out } = await gateway(["peer", "west", "--vendor", "strongswan"]);
  expect(status).toBe(0);
  expect(out).toContain("remote_addrs = 198.51.100.1\n");
  expect(out).toContain('secret = "<PRE-SHARED-KEY>"');
});

test("takes the tunnel's vendor, else the page to mail", async () => {
  expect((await gateway(["peer", "east"])).out).toContain("/ip ipsec peer");
  expect((await gateway(["peer", "west"])).out).toMatch(/^# IPsec tunnel west/);
  const { out } = await gateway(["peer", "--list"]);
  expect(out).toBe("west  198.51.100.11  sheet\neast  198.51.100.11  mikrotik\n");
});

test("writes the key into a new file of its owner only", async () => {
  const file = join(folder, "west.conf");
  const argv = ["peer", "west", "--vendor", "strongswan", "--reveal-psk", "--out", file];
  const { status, out, err } = await gateway(argv, true);
  expect([status, out, err]).toEqual([0, "", `${file}: written\n`]);
  expect(readFileSync(file, "utf8")).toContain(`secret = "${KEY}"`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const again = await gateway(argv, true);
  expect([again.status, again.err]).toEqual([
    1,
    `gateway: peer: ${file}: exists: remove it, or name another\n`,
  ]);
});

test("reveals no key into a pipe", async () => {
  const { status, out, err } = await gateway(["peer", "west", "--reveal-psk"]);
  expect([status, out]).toEqual([1, ""]);
  expect(err).toContain("on a terminal only");
});

test.each([
  [["peer"], 64, "name one tunnel, or give --list"],
  [["peer", "west", "--list"], 64, "name one tunnel, or give --list"],
  [["peer", "west", "--vendor", "juniper"], 64, "--vendor juniper: write cisco-ios,"],
  [["peer", "west", "--vendor", "stronswan"], 64, "--vendor stronswan: did you mean strongswan?"],
  [["peer", "north"], 64, "north: no such tunnel: the stack has west, east"],
  [["peer", "west", "--vendor", "aws"], 1, "west cannot be mirrored there; change the tunnel:\n"],
])("%j fails with what to do", async (argv, status, message) => {
  const outcome = await gateway(argv);
  expect([outcome.status, outcome.out]).toEqual([status, ""]);
  expect(outcome.err).toContain(message);
});

test("--json is one document, of one tunnel and of the list", async () => {
  const one = await gateway(["peer", "west", "--vendor", "strongswan", "--json"]);
  expect(document("peer", one.out)).toMatchObject({ tunnel: "west", vendor: "strongswan" });
  const list = await gateway(["peer", "--list", "--json"]);
  expect(document("peer-list", list.out)).toMatchObject([{ name: "west" }, { name: "east" }]);
});
