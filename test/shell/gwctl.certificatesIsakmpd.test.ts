import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { issue, newAuthority, revoke } from "../unit/support/certificates";
import { run as runTool } from "../unit/support/tools";
import { describeShell, Scratch } from "./support/scratch";
import { ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

const PUT = "certificates put isakmpd";
const FOLDERS = ["ca", "crls", "certs"] as const;

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const key = rsa();
const secret = key.export({ type: "pkcs8", format: "pem" }).toString();
const root = newAuthority("/O=Example/CN=root", { key: rsa() });
const middle = newAuthority("/O=Example/CN=middle", { key: rsa(), serial: 9 }, root);
const own = issue(middle, {
  subject: "/O=Example/CN=gw",
  names: ["DNS:gw.example.net"],
  key: createPublicKey(key),
  serial: 3,
});
const lists = (serials: number[] = []) => [
  revoke(root, { serials: [] }),
  revoke(middle, { serials }),
];

const text = (serials?: number[]) =>
  `# ca\n${root.pem}${middle.pem}# crls\n${lists(serials).join("")}# certs\n${own}`;
const ALONE = `# ca\n${middle.pem}${root.pem}# certs\n${own}`;
const certified = isakmpdTunnel({ header: ["# gwctl certificate FQDN/gw.example.net"] });
const EAST = isakmpdTunnel({ name: "east" });

describeShell("gwctl and certificates of isakmpd", () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = new Scratch();
    scratch.run("services", { input: ISAKMPD_ON });
    scratch.write("etc/isakmpd/private/local.key", secret, 0o600);
    scratch.calls();
  });
  afterEach(() => {
    scratch.dispose();
  });
  const put = (input: string, options = {}) => scratch.run(PUT, { input, ...options });
  const read = (file: string) => scratch.read(`etc/isakmpd/${file}`);
  const files = () => FOLDERS.map((folder) => scratch.list(`etc/isakmpd/${folder}`));
  const up = () => {
    expect(put(text())).toMatchObject({ status: 0, stderr: "" });
    expect(scratch.run("tunnel put isakmpd west", { input: certified })).toMatchObject({
      status: 0,
      stderr: "",
    });
    scratch.calls();
  };
  const told = () => scratch.calls().filter((call) => /^fifo R|^ipsecctl -f|^rcctl st/.test(call));

  test("are kept in files of their own, as isakmpd reads one object of each, and nothing else beside them", () => {
    expect(put(text()).stdout).toBe("changed: certificates\n");
    expect(files()).toEqual([
      ["gwctl-1.pem", "gwctl-2.pem"],
      ["gwctl-1.pem", "gwctl-2.pem"],
      ["gwctl-1.pem"],
    ]);
    expect([read("ca/gwctl-1.pem"), read("ca/gwctl-2.pem")]).toEqual([root.pem, middle.pem]);
    expect([read("crls/gwctl-1.pem"), read("crls/gwctl-2.pem")]).toEqual(lists());
    expect(read("certs/gwctl-1.pem")).toBe(own);
    expect(scratch.mode("etc/isakmpd/ca/gwctl-2.pem")).toBe("644");
    expect(put(text()).stdout).toBe("unchanged\n");
    expect(put(ALONE).stdout).toBe("changed: certificates\n");
    expect(files()).toEqual([["gwctl-1.pem", "gwctl-2.pem"], [], ["gwctl-1.pem"]]);
    expect(read("ca/gwctl-1.pem")).toBe(middle.pem);
    expect(scratch.run("certificates remove isakmpd").stdout).toBe(
      "changed: certificates removed\n",
    );
    expect(files()).toEqual([[], [], []]);
    expect(scratch.run("certificates remove isakmpd").stdout).toBe("unchanged\n");
  });

  test("take effect when isakmpd reads them anew, and has its rules after that; nothing is dropped", () => {
    up();
    put(text());
    expect(told()).toEqual([]);
    expect(put(text([17])).stdout).toBe("changed: certificates\n");
    const calls = scratch.calls();
    const [reread, loaded] = ["fifo R", "ipsecctl -f"].map((begin) =>
      calls.findIndex((call) => call.startsWith(begin)),
    );
    expect(reread).toBeGreaterThanOrEqual(0);
    expect(loaded).toBeGreaterThan(reread ?? 0);
    expect(calls.filter((call) => /^fifo t |^rcctl st/.test(call))).toEqual([]);
    expect(scratch.fakeRead("active")).toContain("from-10.10.0.0/24-to-10.20.0.0/24");
  });

  test("what isakmpd cannot be told is taken back", () => {
    up();
    scratch.fakeFile("fail", "^ipsecctl -f");
    const { status, stderr } = put(text([17]));
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/isakmpd did not take the certificates/),
    ]);
    expect(read("crls/gwctl-2.pem")).toBe(lists()[1]);
    scratch.fakeFile("fail", undefined);
    expect(put(text()).status).toBe(0);
    expect(scratch.fakeRead("active")).toContain("from-10.10.0.0/24-to-10.20.0.0/24");
    expect(put(text()).stdout).toBe("unchanged\n");
  });

  test("a run that is killed anywhere is ended by the next one, with the rules loaded", () => {
    up();
    for (let killAt = 1; killAt <= 40; killAt += 3) {
      const wanted = killAt % 2 === 1 ? text([17]) : text();
      put(wanted, { killAt });
      expect(put(wanted).status).toBe(0);
      expect(put(wanted).stdout).toBe("unchanged\n");
      expect(files()[1]).toEqual(["gwctl-1.pem", "gwctl-2.pem"]);
      expect(scratch.fakeRead("active")).toContain("from-10.10.0.0/24-to-10.20.0.0/24");
    }
  });

  test("a restart has isakmpd forget the certificates that it took, where the tunnel has one", () => {
    up();
    scratch.run("tunnel put isakmpd east", { input: EAST });
    scratch.calls();
    scratch.run("tunnel restart east");
    expect(told().filter((call) => call === "fifo R")).toEqual([]);
    expect(scratch.run("tunnel restart west").status).toBe(0);
    const calls = scratch.calls();
    const places = [/^fifo R$/, /^ipsecctl -f/, /^fifo t /].map((form) =>
      calls.findIndex((call) => form.test(call)),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test.each([
    ["a missing authority", `# ca\n${root.pem}# certs\n${own}`, /unable to get local issuer/],
    [
      "a missing list",
      `# ca\n${root.pem}${middle.pem}# crls\n${lists()[0] ?? ""}# certs\n${own}`,
      /CRL/,
    ],
    [
      "another key",
      text().replace(own, issue(middle, { subject: "/CN=x", key: createPublicKey(rsa()) })),
      /of another key/,
    ],
  ])("%s is refused, and what was there stays", (_, input, why) => {
    up();
    const { status, stderr } = put(input);
    expect([status, stderr]).toEqual([1, expect.stringMatching(why)]);
    expect(read("certs/gwctl-1.pem")).toBe(own);
    expect(told()).toEqual([]);
  });

  test("a tunnel without them is not loaded, nor with a key that isakmpd does not load", () => {
    const tunnel = () => scratch.run("tunnel put isakmpd west", { input: certified }).stderr;
    expect(tunnel()).toContain("/etc/isakmpd/ca/gwctl-1.pem is missing");
    put(`# ca\n${root.pem}${middle.pem}`);
    expect(tunnel()).toContain("/etc/isakmpd/certs/gwctl-1.pem is missing");
    put(text());
    scratch.write("etc/isakmpd/private/local.key", secret, 0o640);
    expect(tunnel()).toContain("is open to others");
    scratch.write("etc/isakmpd/private/local.key", secret, 0o600);
    expect(tunnel()).toBe("");
  });

  test("are in the state, and the request is of isakmpd's key", () => {
    up();
    const { stdout } = scratch.run("state");
    expect(stdout).toMatch(/ 0644 \/etc\/isakmpd\/ca\/gwctl-2\.pem\n/);
    expect(stdout).toMatch(/^--- keys\nisakmpd [0-9a-f]{64}$/m);
    const request = scratch.run("request isakmpd", { input: "/CN=gw\nDNS:gw.example.net\n" });
    scratch.write("request", request.stdout);
    const { stdout: open } = runTool("openssl", [
      ...["req", "-in", `${scratch.root}/request`, "-noout", "-pubkey"],
    ]);
    expect(open).toBe(createPublicKey(key).export({ type: "spki", format: "pem" }));
  });
});
