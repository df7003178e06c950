import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackFailure } from "../../../operate/stack/failure";
import { parseOutputs, readOutputs, readPresharedKeys } from "../../../operate/stack/outputs";
import { deployed, exported } from "./support/deployed";

const signal = new AbortController().signal;

test("what index.ts exports is read back", () => {
  const { gateway, tunnels } = parseOutputs(exported(deployed));
  expect(gateway.ssh).toEqual({ user: "root", port: 22, identityFile: ".lab/keys/admin" });
  expect(tunnels.map(({ name }) => name)).toEqual(["west", "east"]);
});

test("a stack of an earlier version says nothing of dead peers: the default holds", () => {
  const { deadPeerSeconds, ...before } = { ...deployed.gateway, deadPeerSeconds: 45 };
  const read = (gateway: object) =>
    parseOutputs(exported({ ...deployed, gateway })).gateway.deadPeerSeconds;
  expect([read({ ...before, deadPeerSeconds }), read(before)]).toEqual([45, 30]);
});

test.each([
  ["{}", undefined, "the selected stack is not deployed: bring it up with pulumi up"],
  ["{}", "prod", "stack prod is not deployed: bring it up with pulumi up"],
  [
    JSON.stringify({ ...deployed, gateway: { ...deployed.gateway, ssh: undefined } }),
    undefined,
    "the stack's output gateway.ssh is not what this version reads: bring it up to date with pulumi up",
  ],
])("%.20s", (json, stack, message) => {
  expect(() => parseOutputs(json, stack)).toThrow(message);
});

test.each([
  ["error: no stack selected; please use `pulumi stack select` to choose one", /give --stack NAME/],
  ["error: no stack named 'x' found", /^x: no such stack/],
  [
    "error: getting secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE",
    /set PULUMI_CONFIG_PASSPHRASE_FILE/,
  ],
  ["error: incorrect passphrase", /missing or wrong/],
  ["error: the bucket has gone", /cannot be read: the bucket has gone$/],
  ["", /no reason given$/],
])("%s", (stderr, message) => {
  expect(stackFailure(stderr, "x")).toMatch(message);
});

describe("the engine", () => {
  const path = process.env.PATH;
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "outputs-"));
    process.env.PATH = directory;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(directory, { recursive: true });
  });
  const install = (script: string) => {
    writeFileSync(join(directory, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, "pulumi"), 0o755);
  };

  it("that is missing is named, with what brings it", async () => {
    await expect(readOutputs({ signal })).rejects.toThrow(/pulumi: not installed: .*toolchain/);
  });

  it("is asked for the stack that was named, and for secrets only where they are needed", async () => {
    install(`[ "$*" = "stack output --json --non-interactive --stack prod" ] && echo '{}'`);
    await expect(readOutputs({ stack: "prod", signal })).rejects.toThrow(/prod is not deployed/);
    install(`case $* in *--show-secrets*) echo '{"presharedKeys":{"west":"k"}}';; esac`);
    expect(await readPresharedKeys({ signal })).toEqual({ west: "k" });
  });
});
