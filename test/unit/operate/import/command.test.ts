import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { document } from "../../support/documents";
import { AUTHORITY } from "../../support/fixedCertificates";
import { P256 } from "../../support/publicKeys";
import { gateway } from "../support/gateway";

const KEY = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";
const PRIVATE = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
const POLICY =
  "ikev2 active from 10.0.0.0/24 to 10.1.0.0/24 peer 192.0.2.1 " +
  "ikesa enc aes-256-gcm prf hmac-sha2-384 group ecp384 childsa enc aes-256-gcm group ecp384 " +
  `srcid a dstid vienna.example.net ikelifetime 28800 lifetime 3600 psk ${KEY}\n`;

let folder: string;
const path = { before: process.env.PATH };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "import-"));
  writeFileSync(join(folder, "iked.conf"), `set fragmentation\n${POLICY}`);
});

afterEach(() => {
  process.env.PATH = path.before;
  rmSync(folder, { recursive: true });
});

/** A `pulumi` that has one secret already, and writes down its arguments and its input. */
function fakePulumi(): { calls: () => string } {
  const log = join(folder, "calls");
  const program = join(folder, "pulumi");
  writeFileSync(
    program,
    `#!/bin/sh\necho "$@" >>${log}\ncat >>${log}\ncase $2 in\n` +
      `--json) echo '{"openbsd-ipsec-gateway:psk-linz": {"secret": true}}' ;;\nesac\n`,
  );
  chmodSync(program, 0o755);
  process.env.PATH = `${folder}:${path.before ?? ""}`;
  return { calls: () => readFileSync(log, "utf8") };
}

test("prints the stack's YAML, and sets nothing in a dry run", async () => {
  const { status, out, err } = await gateway(["import", join(folder, "iked.conf"), "--dry-run"]);
  expect(status).toBe(0);
  expect(out).toBe(`config:
  openbsd-ipsec-gateway:ike:
    daemon: iked
  openbsd-ipsec-gateway:tunnels:
    - name: vienna
      peer: 192.0.2.1
      local: [10.0.0.0/24]
      remote: [10.1.0.0/24]
      localId: a
      remoteId: vienna.example.net
      mode: active
      profile: modern
      psk: psk-vienna
`);
  expect(err).toContain("1 tunnel, 1 key to set");
  expect(out + err).not.toContain(KEY);
});

test("hands the keys to the engine over standard input only", async () => {
  const { calls } = fakePulumi();
  const argv = ["import", join(folder, "iked.conf"), "--stack", "prod"];
  const { status, out, err } = await gateway(argv);
  expect([status, (out + err).includes(KEY)]).toEqual([0, false]);
  expect(calls()).toBe(
    "config --json --non-interactive --stack prod\n" +
      "config set --secret openbsd-ipsec-gateway:psk-vienna --non-interactive --stack prod\n" +
      KEY,
  );
});

test("leaves a key alone that the stack has", async () => {
  const { calls } = fakePulumi();
  writeFileSync(join(folder, "iked.conf"), POLICY.replace("vienna", "linz"));
  const { err } = await gateway(["import", join(folder, "iked.conf")]);
  expect(err).toContain("psk-linz: kept: set already");
  expect(calls()).not.toContain("config set");
});

test.each([
  ["a device without an end", "/dev/zero"],
  ["a pipe without a writer", "pipe"],
])("reads no include that is %s", async (_, include) => {
  execFileSync("mkfifo", [join(folder, "pipe")]);
  writeFileSync(join(folder, "iked.conf"), `include "${include}"\n${POLICY}`);
  const { err } = await gateway(["import", join(folder, "iked.conf"), "--dry-run"]);
  expect(err).toContain(`the included file ${include} cannot be read`);
});

test("finds the includes of a copied file system", async () => {
  mkdirSync(join(folder, "old/etc/iked"), { recursive: true });
  writeFileSync(join(folder, "old/etc/iked.conf"), 'include "/etc/iked/vienna.conf"\n');
  writeFileSync(join(folder, "old/etc/iked/vienna.conf"), POLICY);
  const root = join(folder, "old");
  const argv = ["import", "--root", root, join(root, "etc/iked.conf"), "--dry-run", "--json"];
  const { out } = await gateway(argv);
  const { tunnels, secrets } = document("import", out) as { tunnels: unknown[]; secrets: string[] };
  expect(tunnels).toHaveLength(1);
  expect(secrets).toEqual(["psk-vienna"]);
});

describe("of a rule that signs", () => {
  const NAME = "iked/pubkeys/fqdn/vienna.example.net";
  let etc: string;

  beforeEach(() => {
    etc = join(folder, "old/etc");
    mkdirSync(join(etc, "iked/pubkeys/fqdn"), { recursive: true });
    mkdirSync(join(etc, "iked/private"));
    writeFileSync(
      join(etc, "iked.conf"),
      `set fragmentation\n${POLICY.replace(/psk .*/, "rfc7427")}`,
    );
    writeFileSync(join(etc, NAME), P256);
    // A file of which only the name can be told.
    symlinkSync(join(folder, "nowhere"), join(etc, "iked/private/local.key"));
  });

  test.each([
    ["beside the configuration", () => [join(etc, "iked.conf")]],
    ["in --root", () => ["--root", join(folder, "old"), join(folder, "copy.conf")]],
  ])("the peer's key is found %s", async (_, argv) => {
    copyFileSync(join(etc, "iked.conf"), join(folder, "copy.conf"));
    const { status, out, err } = await gateway(["import", ...argv(), "--dry-run"]);
    expect(err).toContain(`check: ${join(etc, NAME)} is the peer's key, now peerKey`);
    expect(err).toContain(`${join(etc, "iked/private/local.key")}: left out: is in the folder of`);
    expect(err).toContain("1 tunnel, 0 keys to set");
    expect([status, out.includes("      peerKey: |\n        -----BEGIN PUBLIC KEY")]).toEqual([
      0,
      true,
    ]);
  });

  test("nothing is taken from beside it with another --root", async () => {
    const argv = ["import", "--root", join(folder, "other"), join(etc, "iked.conf"), "--dry-run"];
    const { status, out, err } = await gateway(argv);
    expect([status, out.includes("peerKey")]).toEqual([1, false]);
    expect(err).toContain(`neither the peer's key (/etc/${NAME})`);
  });

  test("the document has the key and the authorities", async () => {
    rmSync(join(etc, NAME));
    mkdirSync(join(etc, "iked/ca"));
    writeFileSync(join(etc, "iked/ca/ca.crt"), AUTHORITY);
    const { out } = await gateway(["import", join(etc, "iked.conf"), "--dry-run", "--json"]);
    expect(document("import", out)).toMatchObject({
      ike: { certificates: { ca: AUTHORITY } },
      tunnels: [{ auth: "certificate", enabled: false }],
    });
  });

  test("a private key in place of the configuration is refused by name", async () => {
    const file = join(folder, "local.key");
    writeFileSync(file, PRIVATE);
    const { status, out, err } = await gateway(["import", file, "--dry-run"]);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toBe(
      `gateway: import: ${file}: is a private key, which no import takes: delete the copy\n`,
    );
  });
});

test.each([
  [["import"], 64, "gateway: import: FILE is missing: ./scripts/gateway import FILE… [OPTION…]\n"],
  [["import", "/nowhere"], 1, "gateway: import: /nowhere: cannot be read\n"],
  [["import", "/dev/null", "--daemon", "racoon"], 64, "--daemon racoon: write iked or isakmpd"],
  [["import", "/dev/null"], 1, "no rule of ipsec.conf(5) or iked.conf(5) found"],
])("%j fails with what to do", async (argv, status, message) => {
  const outcome = await gateway(argv);
  expect([outcome.status, outcome.out]).toEqual([status, ""]);
  expect(outcome.err).toContain(message);
});
