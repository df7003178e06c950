import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { document } from "../support/documents";
import { edited, type Values } from "../support/stack";
import { gateway } from "./support/gateway";
import { temporaryFolder } from "../support/temporaryFolder";

const probe = (host: string) => ({ source: "10.10.0.2", target: host });
const quiet = {
  "tunnels.0.probe": probe("10.20.1.100"),
  "tunnels.1.probe": probe("10.20.2.100"),
};

const PHASE1 = { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" };

/** A project with one stack file; the path of it. */
function stackFile(changes: Values, secrets: Values = {}, text?: string): string {
  const folder = temporaryFolder("check");
  const config = Object.entries({ ...edited({ ...quiet, ...changes }), ...secrets }).map(
    ([key, value]) => [`some-name:${key}`, value] as const,
  );
  writeFileSync(join(folder, "Pulumi.yaml"), "name: some-name\n");
  const file = join(folder, "Pulumi.one.yaml");
  writeFileSync(file, text ?? stringify({ config: Object.fromEntries(config) }));
  return file;
}

test("a good declaration is accepted, with nothing on stdout", async () => {
  const { status, out, err } = await gateway(["check", stackFile({})]);
  expect([status, out]).toEqual([0, ""]);
  expect(err).toContain("0 problems, 0 warnings");
});

test("every problem is named, and warnings beside them", async () => {
  const file = stackFile({
    "tunnels.0.remote": ["10.20.1.0/33"],
    "tunnels.1.name": "West 1",
    "ike.daemon": "isakmpd",
  });
  const { status, out } = await gateway(["check", file]);
  expect(status).toBe(1);
  expect(out).toMatch(/^tunnels\[0\]\.remote\[0\]: .* \(GW010\), tunnel west$/m);
  expect(out).toMatch(/^tunnels\[1\]\.name: .* \(GW001\)$/m);
  expect(out).toMatch(/^warning: ike\.daemon: .* \(GW066\)$/m);
});

test("--json is one document", async () => {
  const file = stackFile({ "ike.daemon": "isakmpd", "tunnels.1.peer": "198.51.100.11" });
  const { status, out } = await gateway(["check", "--json", file]);
  expect(status).toBe(1);
  expect(document("check", out)).toMatchObject({
    file,
    problems: [{ code: "GW039", path: "tunnels[1].peer" }],
    warnings: [{ code: "GW066", path: "ike.daemon" }],
  });
});

test("of an encrypted key it sees only that it is set", async () => {
  const named = { "tunnels.0.psk": "westKey", "tunnels.1.psk": "eastKey" };
  const sealed = { secure: "v1:4sD0:notAnythingThatCouldBeRead" };
  const set = await gateway(["check", stackFile(named, { westKey: sealed, eastKey: sealed })]);
  expect([set.status, set.out]).toEqual([0, ""]);
  const missing = await gateway(["check", stackFile(named, { westKey: sealed })]);
  expect(missing.status).toBe(1);
  expect(missing.out).toMatch(/^tunnels\[1\]\.psk: names a config key that is not set/);
});

// Found by trying what an operator might write.
test.each<[slip: Values, says: RegExp]>([
  [{ "network.behindNat": "yes" }, /^network\.behindNat: is a string: write true \(/m],
  [
    { "machine.memoryMiB": "256" },
    /^machine\.memoryMiB: is a string: write 256 without quotes \(/m,
  ],
  [
    { "tunnels.0.phase1": { ...PHASE1, lifetime: "8h" } },
    /^tunnels\[0\]\.phase1\.lifetime: is a string: write 28800, in seconds \(/m,
  ],
  [
    { "tunnels.0.phase1": { ...PHASE1, integrity: "sha256" } },
    /integrity: sha256 is not known to iked here: write hmac-sha2-256 \(GW041/,
  ],
  [{ "tunnels.0.phase1": { ...PHASE1, group: "dh19" } }, /dh19 .*: write ecp256 \(GW041/],
])("%j is answered with what was meant", async (slip, says) => {
  const { status, out } = await gateway(["check", stackFile(slip)]);
  expect([status, out]).toEqual([1, expect.stringMatching(says)]);
});

test("a key that no program reads is named, and other programs' keys and secrets are not", async () => {
  const secret = { secure: "v1:4sD0:notAnythingThatCouldBeRead" };
  const file = stackFile({ "tunnels.0.psk": "lam" }, { perimiter: {}, lam: secret, other: secret });
  const text = readFileSync(file, "utf8") + '  somename:ike: {}\n  aws:region: "x"\n';
  writeFileSync(file, text);
  const { out } = await gateway(["check", file]);
  expect(out.split("\n").filter(Boolean)).toEqual([
    "perimiter: is not a known key: write perimeter (GW001)",
    "somename:ike: is not read here: write some-name:ike (GW001)",
  ]);
});

test("a tab is named as such", async () => {
  const { status, err } = await gateway(["check", stackFile({}, {}, "config:\n\tkey: 1\n")]);
  expect([status, err]).toEqual([2, expect.stringMatching(/line 2 is not YAML: .*not with a tab/)]);
});

test.each([
  ["an asterisk before a value", "config:\n  key: *PlantedSecret\n", /line 2 .*quotes around/],
  ["a section that is empty", "config:\n", /config is not a mapping: write the keys under config:/],
  [
    "anchors that multiply",
    `a: &a [x, x]\n${["b", "c", "d", "e", "f", "g", "h"]
      .map((key, i) => `${key}: &${key} [${`*${"abcdefg"[i] ?? ""}, `.repeat(9)}]\n`)
      .join("")}config: {}\n`,
    /is not YAML: write each value itself/,
  ],
])("names the file and the way out, and no value: %s", async (_, text, says) => {
  const { status, out, err } = await gateway(["check", stackFile({}, {}, text)]);
  expect([status, out]).toEqual([2, ""]);
  expect(err).toMatch(/Pulumi\..*\.yaml: /);
  expect(err).toMatch(says);
  expect(err).not.toContain("PlantedSecret");
});

test("what cannot be read is neither accepted nor refused, and is not shown", async () => {
  const broken = stackFile({}, {}, "config:\n  key: 'PlantedSecret\n");
  const { status, out, err } = await gateway(["check", broken]);
  expect([status, out]).toEqual([2, ""]);
  expect(err).toMatch(/line \d+ is not YAML/);
  expect(err).not.toContain("PlantedSecret");
  expect((await gateway(["check", "/nowhere/Pulumi.x.yaml"])).status).toBe(2);
});
