import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { P256, P384, RSA_2048 } from "../unit/support/publicKeys";
import { convergesAfterEveryKill } from "./support/kills";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

const PEER = "etc/iked/pubkeys/fqdn/west.example.net";
const PUT = "peerkey put iked fqdn/west.example.net";

const pem = { type: "pkcs8", format: "pem" } as const;
const ec = String(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pem));
const rsa = String(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(pem));
const publicHalf = (key: string): string =>
  String(createPublicKey(key).export({ type: "spki", format: "pem" }));

/** No line of a private key. */
const secretLines = [ec, rsa].flatMap((key) => key.split("\n").slice(1, -2));

describeShell("gwctl and public keys", () => {
  let gateway: Scratch;
  let said: string;
  beforeEach(() => {
    gateway = new Scratch();
    said = "";
    gateway.write("etc/iked/private/local.key", ec);
  });
  afterEach(() => {
    expect(secretLines.filter((line) => said.includes(line))).toEqual([]);
    gateway.dispose();
  });
  const run = (args: string, input = "") => {
    const done = gateway.run(args, { input });
    said += done.stdout + done.stderr;
    return done;
  };

  test("a peer's key is kept where the daemon looks for it, readable for all, and removed again", () => {
    expect(run(PUT, P256).stdout).toBe("changed: key of west.example.net\n");
    expect(gateway.read(PEER)).toBe(P256);
    expect([gateway.mode(PEER), gateway.mode("etc/iked/pubkeys/fqdn")]).toEqual(["644", "755"]);
    expect(run(PUT, P256).stdout).toBe("unchanged\n");
    expect(run(PUT, P384).stdout).toBe("changed: key of west.example.net\n");
    // Beside it there is nothing that would be another identity's key.
    expect(gateway.list("etc/iked/pubkeys/fqdn")).toEqual(["west.example.net"]);
    expect(gateway.list("etc/iked/pubkeys")).toEqual(["fqdn"]);
    expect(run("peerkey remove iked fqdn/west.example.net").stdout).toMatch(/^changed: /);
    expect(gateway.exists(PEER)).toBe(false);
    expect(run("peerkey remove iked fqdn/west.example.net").stdout).toBe("unchanged\n");
  });

  test("the keys of other peers stay, and no daemon is reloaded", () => {
    run("peerkey put iked ipv4/198.51.100.12", P384);
    run(PUT, P256);
    run("peerkey remove iked fqdn/west.example.net");
    expect(gateway.read("etc/iked/pubkeys/ipv4/198.51.100.12")).toBe(P384);
    expect(gateway.calls().filter((call) => /^(rcctl|ikectl|iked)/.test(call))).toEqual([]);
  });

  test.each([
    ["a private key", ec, "is no public key"],
    ["no key", "hello\n", "is no public key"],
    ["a key that was cut", P256.slice(0, 80), "its text ends within a line"],
    ["nothing", "", "its text is empty"],
    ["the gateway's own key", publicHalf(ec), "is this gateway's own key"],
  ])("%s is refused, and the key before stays", (_, text, why) => {
    run(PUT, P384);
    const { status, stderr } = run(PUT, text);
    expect([status, stderr]).toEqual([1, expect.stringContaining(why)]);
    expect(gateway.read(PEER)).toBe(P384);
    expect(gateway.list("etc/iked/pubkeys")).toEqual(["fqdn"]);
  });

  test.each(["fqdn/../../passwd", "fqdn/.hidden", "asn1_dn/x", "fqdn/", "fqdn", "fqdn/a/b"])(
    "%s is no identity's key",
    (name) => {
      expect(run(`peerkey put iked ${name}`, P256).status).toBe(64);
    },
  );

  test("a run that is killed leaves the old key or the new one, and the next one ends it", () => {
    convergesAfterEveryKill(gateway, {
      before: () => {
        run(PUT, P384);
      },
      args: PUT,
      input: P256,
      killed: () => {
        expect([P256, P384]).toContain(gateway.read(PEER));
      },
      after: () => {
        expect(gateway.read(PEER)).toBe(P256);
        expect(gateway.list("etc/iked/pubkeys")).toEqual(["fqdn"]);
      },
    });
  });

  describe.each([
    ["iked", IKED_ON, ikedTunnel, ec],
    ["isakmpd", ISAKMPD_ON, isakmpdTunnel, rsa],
  ] as const)("a tunnel of %s that authenticates by public keys", (daemon, on, textOf, key) => {
    const header = "# gwctl peerkey fqdn/west.example.net\n";
    const own = `etc/${daemon}/private/local.key`;
    const peers = `etc/${daemon}/pubkeys/fqdn/west.example.net`;
    const put = (lifetime = 3600) =>
      run(`tunnel put ${daemon} west`, header + textOf({ lifetime }));
    beforeEach(() => {
      run("services", on);
      gateway.write(own, key);
      run(`peerkey put ${daemon} fqdn/west.example.net`, RSA_2048);
    });

    test("comes up with both keys there", () => {
      expect(put()).toMatchObject({ status: 0, stderr: "" });
    });

    test("is refused without the peer's key, and what runs stays", () => {
      put();
      gateway.remove(peers);
      const { status, stderr } = put(60);
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining(`/${peers}, the peer's key, is`),
      ]);
      expect(stderr).toContain("missing");
    });

    test("is refused without a key of the gateway's own", () => {
      gateway.remove(own);
      const { status, stderr } = put();
      expect([status, stderr]).toEqual([1, expect.stringContaining(`/${own} is missing`)]);
    });

    test("is drift when the gateway's own key is another one", () => {
      put();
      const keys = () => /^--- keys\n([^-]*)/m.exec(run("state").stdout)?.[1];
      const sum = (text: string) => createHash("sha256").update(publicHalf(text)).digest("hex");
      expect(keys()).toBe(`${daemon} ${sum(key)}\n`);
      const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(pem);
      gateway.write(own, String(other));
      expect(keys()).toBe(`${daemon} ${sum(String(other))}\n`);
    });

    test("shows the public half of the gateway's own key, and nothing else of it", () => {
      expect(run(`key ${daemon}`)).toEqual({ status: 0, stdout: publicHalf(key), stderr: "" });
      gateway.remove(own);
      expect(run(`key ${daemon}`)).toMatchObject({
        status: 2,
        stdout: "",
        stderr: expect.stringContaining(`/${own} is missing, or no private key`) as string,
      });
    });

    test("the peer's key is in the state, with its hash", () => {
      const sum = createHash("sha256").update(RSA_2048).digest("hex");
      expect(run("state").stdout).toContain(`${sum} 0644 /${peers}\n`);
    });
  });

  test("isakmpd's own key has to be RSA, and for its owner only", () => {
    gateway.write("etc/isakmpd/private/local.key", ec);
    expect(run("key isakmpd").stderr).toContain("is no RSA key, and isakmpd has no others");
    // Any bit of the group or of others is one too many (util.c check_file_secrecy_fd).
    for (const mode of [0o644, 0o640, 0o620, 0o610, 0o604, 0o602, 0o601]) {
      gateway.write("etc/isakmpd/private/local.key", rsa, mode);
      expect(run("key isakmpd").stderr).toContain("is open to others");
    }
    for (const mode of [0o600, 0o400, 0o700]) {
      gateway.write("etc/isakmpd/private/local.key", rsa, mode);
      expect(run("key isakmpd").stdout).toBe(publicHalf(rsa));
    }
  });

  test("isakmpd's own key has to be root's or isakmpd's", () => {
    gateway.write("etc/isakmpd/private/local.key", rsa);
    const bin = path.join(gateway.base, "bin");
    fs.mkdirSync(bin);
    const ownedBy = (uid: number) => {
      const said = `-rw------- 1 ${uid} 0 1704 Nov 23 10:00 local.key`;
      fs.writeFileSync(path.join(bin, "ls"), `#!/bin/sh\necho '${said}'\n`, { mode: 0o755 });
      fs.writeFileSync(
        path.join(bin, "id"),
        `#!/bin/sh\ncase "$*" in *_isakmpd) echo 68 ;; *) echo 0 ;; esac\n`,
        { mode: 0o755 },
      );
      const PATH = [bin, path.join(__dirname, "fakes"), process.env.PATH].join(":");
      return gateway.run("key isakmpd", { env: { PATH } });
    };
    expect(ownedBy(0).status).toBe(0);
    expect(ownedBy(68).status).toBe(0);
    expect(ownedBy(1000)).toMatchObject({
      status: 2,
      stderr:
        "gwctl: /etc/isakmpd/private/local.key is another user's, and isakmpd does not load it: chown root\n",
    });
  });

  test("isakmpd may have no key by the tunnel's own identity, which it would sign with", () => {
    run("services", ISAKMPD_ON);
    gateway.write("etc/isakmpd/private/local.key", rsa);
    run("peerkey put isakmpd fqdn/west.example.net", RSA_2048);
    gateway.write("etc/isakmpd/private/gw.example.net", rsa);
    const text = isakmpdTunnel({}).replace("srcid gw ", 'srcid "gw.example.net" ');
    const put = () =>
      run("tunnel put isakmpd west", `# gwctl peerkey fqdn/west.example.net\n${text}`);
    expect(put()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /private\/gw\.example\.net is there, and isakmpd signs with it in place of local\.key/,
      ) as string,
    });
    gateway.remove("etc/isakmpd/private/gw.example.net");
    expect(put()).toMatchObject({ status: 0 });
  });
});
