import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { edited, type Values } from "../support/stack";
import { gateway } from "./support/gateway";

const probe = (host: string) => ({ source: "10.10.0.2", target: host });
const quiet = {
  "tunnels.0.probe": probe("10.20.1.100"),
  "tunnels.1.probe": probe("10.20.2.100"),
};

/** A project with one stack file; the path of it. */
function stackFile(changes: Values, secrets: Values = {}, text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "check-"));
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
  expect(out).toMatch(/^tunnels\[0\]\.remote\[0\]: .* \(GW010\)$/m);
  expect(out).toMatch(/^tunnels\[1\]\.name: .* \(GW001\)$/m);
  expect(out).toMatch(/^warning: ike\.daemon: .* \(GW066\)$/m);
});

test("--json is one document", async () => {
  const file = stackFile({ "ike.daemon": "isakmpd", "tunnels.1.peer": "198.51.100.11" });
  const { status, out } = await gateway(["check", "--json", file]);
  expect(status).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
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

test("what cannot be read is neither accepted nor refused, and is not shown", async () => {
  const broken = stackFile({}, {}, "config:\n  key: 'PlantedSecret\n");
  const { status, out, err } = await gateway(["check", broken]);
  expect([status, out]).toEqual([2, ""]);
  expect(err).toMatch(/line \d+ is not YAML/);
  expect(err).not.toContain("PlantedSecret");
  expect((await gateway(["check", "/nowhere/Pulumi.x.yaml"])).status).toBe(2);
});
