import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { issue, newAuthority, newKey, revoke } from "../unit/support/certificates";
import { run as runTool } from "../unit/support/tools";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

const FILES = {
  ca: "etc/iked/ca/gwctl.pem",
  crls: "etc/iked/crls/gwctl.pem",
  certs: "etc/iked/certs/gwctl.pem",
};
const PUT = "certificates put iked";

const key = String(
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }),
);
const root = newAuthority("/O=Example/CN=root");
const other = newAuthority("/O=Example/CN=other");
const gateway = {
  subject: "/O=Example/CN=gw",
  names: ["DNS:gw.example.net"],
  key: createPublicKey(createPrivateKey(key)),
  serial: 3,
};
const own = issue(root, gateway);
const list = revoke(root, { serials: [17] });

const parts = (texts: { ca?: string; crls?: string; certs?: string }): string =>
  Object.entries(texts)
    .map(([name, text]) => `# ${name}\n${text}`)
    .join("");
const ALL = parts({ ca: root.pem, crls: list, certs: own });
const NEWER = parts({ ca: root.pem, crls: revoke(root, { serials: [17, 18] }), certs: own });

describeShell("gwctl and certificates", () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = new Scratch();
    scratch.run("services", { input: IKED_ON });
    scratch.write("etc/iked/private/local.key", key);
    scratch.calls();
  });
  afterEach(() => {
    scratch.dispose();
  });
  const put = (input: string, options = {}) => scratch.run(PUT, { input, ...options });
  const there = () =>
    Object.entries(FILES).map(([name, file]) => [name, scratch.read(file)?.length ?? 0]);
  const tunnel = () =>
    scratch.run("tunnel put iked west", {
      input: ikedTunnel({ header: ["# gwctl certificate FQDN/gw.example.net"] }),
    });
  const up = () => {
    put(ALL);
    expect(tunnel()).toMatchObject({ status: 0, stderr: "" });
    scratch.calls();
  };

  test("are kept where iked reads them, readable for its process, and nothing else beside them", () => {
    expect(put(ALL)).toEqual({ status: 0, stdout: "changed: certificates\n", stderr: "" });
    expect(scratch.read(FILES.ca)).toBe(root.pem);
    expect(scratch.read(FILES.crls)).toBe(list);
    expect(scratch.read(FILES.certs)).toBe(own);
    for (const [folder, file] of Object.entries(FILES)) {
      expect([scratch.mode(file), scratch.list(`etc/iked/${folder}`)]).toEqual([
        "644",
        ["gwctl.pem"],
      ]);
    }
    expect(put(ALL).stdout).toBe("unchanged\n");
  });

  test("take effect with one reload, and none where nothing changed", () => {
    up();
    expect(put(ALL).stdout).toBe("unchanged\n");
    expect(scratch.calls().filter((call) => call.includes("reload"))).toEqual([]);
    expect(put(NEWER).stdout).toBe("changed: certificates\n");
    expect(scratch.calls().filter((call) => call.includes("reload"))).toHaveLength(1);
    expect(scratch.calls().filter((call) => call.includes("reset"))).toEqual([]);
  });

  test("go with the list that is there no more, and all of them with remove", () => {
    put(ALL);
    expect(put(parts({ ca: root.pem, certs: own })).status).toBe(0);
    expect(there()).toEqual([
      ["ca", root.pem.length],
      ["crls", 0],
      ["certs", own.length],
    ]);
    expect(scratch.run("certificates remove iked").stdout).toBe("changed: certificates removed\n");
    expect(there().map(([, length]) => length)).toEqual([0, 0, 0]);
    expect(scratch.run("certificates remove iked").stdout).toBe("unchanged\n");
  });

  test("are believed without one of the gateway's own, which comes later", () => {
    expect(put(parts({ ca: root.pem })).status).toBe(0);
    expect(put(ALL).status).toBe(0);
  });

  test.each([
    ["of another key", issue(root, { ...gateway, key: newKey().open }), /another key than this/],
    ["of another authority", issue(other, gateway), /unable to get local issuer/],
    [
      "with another's signature",
      issue({ ...root, key: other.key }, { ...gateway, bare: true }),
      /signature/,
    ],
    ["that has expired", issue(root, { ...gateway, until: "2026-01-02" }), /expired/],
    ["that is revoked", issue(root, { ...gateway, serial: 17 }), /revoked/],
    ["that cannot be read", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", /./],
  ])("a certificate %s is refused, and what was there stays", (_, certs, why) => {
    up();
    const { status, stderr } = put(parts({ ca: root.pem, crls: list, certs }));
    expect([status, stderr]).toEqual([1, expect.stringMatching(why)]);
    expect(scratch.read(FILES.certs)).toBe(own);
    expect(scratch.calls().filter((call) => call.includes("reload"))).toEqual([]);
  });

  test.each([
    ["nothing", ""],
    ["no part", root.pem],
    ["no authority", parts({ certs: own })],
    [
      "a list of another authority",
      parts({ ca: root.pem, crls: revoke(other, { serials: [] }), certs: own }),
    ],
    ["what was cut", ALL.slice(0, -10)],
  ])("%s is refused", (_, text) => {
    put(ALL);
    expect(put(text).status).toBe(1);
    expect(scratch.read(FILES.ca)).toBe(root.pem);
  });

  test("what iked does not take is taken back", () => {
    up();
    scratch.fakeFile("fail", "^rcctl reload iked");
    const { status, stderr } = put(NEWER);
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/those of before, which are back, could not/),
    ]);
    expect(scratch.read(FILES.crls)).toBe(list);
    scratch.fakeFile("fail", undefined);
    expect(put(ALL).stdout).toBe("changed: certificates\n");
    expect(scratch.calls().at(-1)).toBe("rcctl check iked");
    expect(put(ALL).stdout).toBe("unchanged\n");
  });

  test("a run that is killed anywhere is ended by the next one, with a reload", () => {
    up();
    for (let killAt = 1; killAt <= 25; killAt += 3) {
      put(killAt % 2 === 1 ? NEWER : ALL, { killAt });
      const wanted = killAt % 2 === 1 ? NEWER : ALL;
      expect(put(wanted).status).toBe(0);
      expect(put(wanted).stdout).toBe("unchanged\n");
      for (const folder of Object.keys(FILES)) {
        expect(scratch.list(`etc/iked/${folder}`)).toEqual(["gwctl.pem"]);
      }
    }
  });

  test("a tunnel without them is kept as a disabled one, and not loaded", () => {
    const text = ikedTunnel({ header: ["# gwctl certificate FQDN/gw.example.net"] });
    expect(scratch.run("tunnel put iked west disabled", { input: text }).status).toBe(0);
    const { status, stderr } = tunnel();
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("/etc/iked/ca/gwctl.pem is missing"),
    ]);
    put(parts({ ca: root.pem }));
    expect(tunnel().stderr).toContain("/etc/iked/certs/gwctl.pem is missing");
    put(ALL);
    expect(tunnel().status).toBe(0);
  });

  test("are in the state, with the sum of the gateway's own key", () => {
    up();
    const { stdout } = scratch.run("state");
    const sum = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(stdout).toContain(`${sum(root.pem)} 0644 /etc/iked/ca/gwctl.pem\n`);
    expect(stdout).toContain(`${sum(own)} 0644 /etc/iked/certs/gwctl.pem\n`);
    expect(stdout).toMatch(/^--- keys\niked [0-9a-f]{64}$/m);
  });

  test("a request is of the gateway's key, with the names, and shows nothing of the private half", () => {
    const { status, stdout } = scratch.run("request iked", {
      input: "/O=Example AG/CN=gw\nDNS:gw.example.net\nemail:ops@example.net\nIP:198.51.100.1\n",
    });
    expect(status).toBe(0);
    scratch.write("request", stdout);
    const { stdout: text } = runTool("openssl", [
      ...["req", "-in", `${scratch.root}/request`, "-verify", "-noout", "-text", "-pubkey"],
    ]);
    expect(text).toContain("DNS:gw.example.net, email:ops@example.net, IP Address:198.51.100.1");
    expect(text).toMatch(/Subject: O ?= ?Example AG, CN ?= ?gw/);
    expect(text).toContain(String(gateway.key.export({ type: "spki", format: "pem" })));
    expect(
      key
        .split("\n")
        .slice(1, -2)
        .filter((line) => stdout.includes(line)),
    ).toEqual([]);
  });

  test.each(["gw\n", "/CN=gw\nDNS:a,URI:b\n", "/CN=gw\nURI:x\n", ""])(
    "%j is no request",
    (input) => {
      expect(scratch.run("request iked", { input }).status).toBe(64);
    },
  );

  test("a gateway without its key has no request", () => {
    scratch.remove("etc/iked/private/local.key");
    const { status, stderr } = scratch.run("request iked", { input: "/CN=gw\n" });
    expect([status, stderr]).toEqual([2, expect.stringContaining("local.key is missing")]);
  });
});
