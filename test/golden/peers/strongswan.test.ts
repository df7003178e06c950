import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { issue, newAuthority } from "../../unit/support/certificates";
import { describeWith, run } from "../../unit/support/tools";

const UNCONFINED = join(__dirname, "../../../lab/lib/unconfined");
const PLUGINS =
  "random nonce openssl pem pkcs1 pkcs8 x509 pubkey constraints hmac aes sha1 sha2 md5 gcm gmp " +
  "curve25519 chapoly kdf kernel-netlink socket-default vici updown";

/** What strongSwan itself says of the text: the daemon, in a network of its own with nothing in it. */
describeWith(
  "charon-systemd",
  "swanctl",
  "unshare",
)("strongSwan", () => {
  const folder = mkdtempSync(join(tmpdir(), "charon-"));
  const socket = `unix://${folder}/vici`;
  const settings = join(folder, "strongswan.conf");
  let daemon: ChildProcess;

  beforeAll(async () => {
    chmodSync(folder, 0o700);
    writeFileSync(
      settings,
      `charon-systemd {\n  load_modular = no\n  load = ${PLUGINS}\n` +
        `  plugins {\n    vici {\n      socket = ${socket}\n    }\n  }\n}\n` +
        "swanctl {\n  load = pem pkcs1 pkcs8 x509 openssl random\n}\n",
    );
    // What the comments of the file have the peer's administrator make, and what they take out of it.
    for (const kind of ["private", "pubkey", "x509", "x509ca"]) mkdirSync(join(folder, kind));
    const own = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const spki = { type: "spki", format: "pem" } as const;
    writeFileSync(
      join(folder, "private/west.pem"),
      own.privateKey.export({ type: "pkcs8", format: "pem" }),
      { mode: 0o600 },
    );
    writeFileSync(join(folder, "pubkey/west.pem"), own.publicKey.export(spki));
    const wanted = { subject: "/CN=west", names: ["DNS:west.example.net"], key: own.publicKey };
    writeFileSync(join(folder, "x509/west.pem"), issue(newAuthority("/CN=authority"), wanted));
    daemon = spawn("unshare", ["--net", UNCONFINED, "charon-systemd"], {
      env: { ...process.env, STRONGSWAN_CONF: settings },
      stdio: "ignore",
    });
    for (let tries = 0; tries < 100 && !existsSync(join(folder, "vici")); tries++) await sleep(100);
  }, 15_000);

  afterAll(async () => {
    const ended = new Promise((resolve) => daemon.once("close", resolve));
    daemon.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true });
  });

  function swanctl(...args: string[]) {
    const environment = [`STRONGSWAN_CONF=${settings}`, `SWANCTL_DIR=${folder}`];
    return run("env", [...environment, UNCONFINED, "swanctl", ...args, "--uri", socket]);
  }

  const expected = join(__dirname, "expected");
  const files = readdirSync(expected).filter((name) => name.startsWith("strongswan"));

  it.each(files)("loads %s as it is", (name) => {
    const file = join(folder, "swanctl.conf");
    writeFileSync(file, readFileSync(join(expected, name)), { mode: 0o600 });
    const gatewayKey = run("sed", ["-n", "s/^#= //p", file]).stdout;
    const place = gatewayKey.includes("CERTIFICATE")
      ? "x509ca/west-1.pem"
      : "pubkey/west-gateway.pem";
    if (gatewayKey !== "") writeFileSync(join(folder, place), gatewayKey);
    const { status, stdout, stderr } = swanctl("--load-all", "--clear", "--file", file);
    expect([status, stderr.replace(/^opening directory .*\n/gm, "")]).toEqual([0, ""]);
    expect(stdout).toContain("successfully loaded 1 connections, 0 unloaded");
    expect(swanctl("--list-conns").stdout).toMatch(/^west: IKEv[12]/m);
  });

  it("refuses what is wrong, or the others would prove nothing", () => {
    const file = join(folder, "swanctl.conf");
    const text = readFileSync(join(expected, "strongswan-ikev2-pfs.txt"), "utf8");
    writeFileSync(file, text.replace("ecp256", "ecp9999"), { mode: 0o600 });
    expect(swanctl("--load-all", "--clear", "--file", file).status).not.toBe(0);
  });
});
