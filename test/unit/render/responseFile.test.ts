import { findRelease } from "../../../config/releases";
import { responseFile, type ResponseValues } from "../../../render/responseFile";
import { Aborted, fits, install, Responses, type Machine } from "./support/installer";

const release = findRelease("7.9");
if (!release) throw new Error("7.9 is in the table");

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKeyWithPadding== admin@host";
const SETS = ["base79.tgz", "bsd", "bsd.mp", "bsd.rd", "comp79.tgz", "game79.tgz", "man79.tgz"];
const X_SETS = ["xbase79.tgz", "xfont79.tgz", "xserv79.tgz", "xshare79.tgz"];
const OFFICIAL = [...SETS, ...X_SETS, "BUILDINFO", "INSTALL.amd64", "SHA256"];
const REMASTERED = { directory: "7.9/amd64", files: [...OFFICIAL, "site79.tgz"] };

const oneStatic: ResponseValues = {
  release,
  hostname: "gw",
  domain: "example.org",
  interfaces: [{ name: "vio0", address: "192.0.2.10/24" }],
  gateway: "192.0.2.1",
  dns: ["192.0.2.53", "192.0.2.54"],
  sshPublicKey: KEY,
  disk: "sd0",
  sets: ["-x*", "-game*", "-comp*"],
  serialSpeed: 115200,
  timezone: "UTC",
  siteSetOn: "sets",
};
const oneDhcp: ResponseValues = {
  ...oneStatic,
  interfaces: [{ name: "vio0", address: "dhcp" }],
  gateway: undefined,
};
const twoStatic: ResponseValues = {
  ...oneStatic,
  interfaces: [...oneStatic.interfaces, { name: "vio1", address: "198.51.100.2/29" }],
};
const twoMixed: ResponseValues = {
  ...oneStatic,
  interfaces: [
    { name: "vio0", address: "dhcp" },
    { name: "vio1", address: "198.51.100.2/29" },
  ],
  gateway: "198.51.100.1",
};
const networks = { oneStatic, oneDhcp, twoStatic, twoMixed };

const guest: Machine = {
  version: "7.9",
  nics: ["vio0", "vio1"],
  dhcpRouter: true,
  video: false,
  disks: ["sd0"],
  heldOpenbsd: false,
  cds: { cd0: REMASTERED },
  ipv6: "none",
};

/** What may differ from one guest or release to the next without another response file. */
const machines: Record<string, Machine> = {
  "a plain guest": guest,
  "no DHCP router": { ...guest, dhcpRouter: false },
  "a display": { ...guest, video: true },
  "two disks": { ...guest, disks: ["sd0", "sd1"] },
  "a disk that held OpenBSD": { ...guest, heldOpenbsd: true },
  "IPv6 on by default": { ...guest, ipv6: "autoconf" },
  "a signed list beside the sets": {
    ...guest,
    cds: { cd0: { ...REMASTERED, files: [...REMASTERED.files, "SHA256.sig"] } },
  },
};

const configCd: Machine = {
  ...guest,
  cds: {
    cd0: { directory: "7.9/amd64", files: OFFICIAL },
    cd1: { directory: "/", files: ["auto_install.conf", "disklabel.template", "site79.tgz"] },
  },
};

describe("the installer's rule", () => {
  test.each([
    ["System hostname? (short form, e.g. 'foo')", "System hostname", true],
    ["Use (W)hole disk MBR, whole disk (G)PT or (E)dit?", "Use (W)hole disk MBR", false],
    ["Use (W)hole disk MBR, whole disk (G)PT or (E)dit?", "use (w)hole disk", true],
    ["Which disk do you wish to initialize? (or 'done')", "Which disk", true],
    ["IPv6 address for vio0? (or 'autoconf' or 'none')", "address for vio0", true],
    ["IPv4 address for vio10? (or 'autoconf' or 'none')", "IPv4 address for vio1", false],
  ])("%s / %s: %s", (question, key, expected) => {
    expect(fits(question, key)).toBe(expected);
  });

  test("uses a line once, splits at the first =, skips comments and empty answers", () => {
    const file = new Responses("# a = x\nq =\nq = one=1\nq = two\n");
    expect([file.ask("q?"), file.ask("q?"), file.ask("q?", "standard")]).toEqual([
      "one=1",
      "two",
      "standard",
    ]);
    expect(() => file.ask("q?")).toThrow(Aborted);
  });
});

describe("responseFile", () => {
  const everywhere = Object.entries(networks).flatMap(([network, values]) =>
    Object.entries(machines)
      // Without a router from DHCP the installer asks for one, which a DHCP host does not know.
      .filter(([machine]) => !(network === "oneDhcp" && machine === "no DHCP router"))
      .map(([machine, on]) => ({ network, values, machine, on })),
  );

  test.each(everywhere)("$network on $machine: answers everything", ({ values, on }) => {
    const result = install(responseFile(values), on);
    expect(result).toMatchObject({
      hostname: "gw",
      domain: "example.org",
      nameservers: "192.0.2.53 192.0.2.54",
      password: "*".repeat(13),
      rootKey: KEY,
      rootLogin: "prohibit-password",
      console: "com0 115200",
      disk: "sd0",
      layout: "whole",
      template: "file:///disklabel.template",
      sets: ["base79.tgz", "bsd", "bsd.mp", "bsd.rd", "man79.tgz", "site79.tgz"],
    });
    expect(Object.keys(result.interfaces)).toEqual(values.interfaces.map(({ name }) => name));
    for (const { name, address } of values.interfaces) {
      const ipv4 = address === "dhcp" ? "autoconf" : address;
      expect(result.interfaces[name]).toEqual({ ipv4, ipv6: "none" });
    }
  });

  test.each(Object.entries(networks))("%s: every line answers something somewhere", (_, values) => {
    const leftovers = Object.entries(machines)
      .filter(([machine]) => !(values === oneDhcp && machine === "no DHCP router"))
      .map(([, on]) => install(responseFile(values), on).unused);
    const never = leftovers.reduce((all, some) => all.filter((line) => some.includes(line)));
    expect(never).toEqual([]);
  });

  test("takes the site set from a second CD beside an unchanged one", () => {
    const { sets, unused } = install(responseFile({ ...twoStatic, siteSetOn: "cd1" }), configCd);
    expect(sets).toEqual(["base79.tgz", "bsd", "bsd.mp", "bsd.rd", "man79.tgz", "site79.tgz"]);
    expect(unused.filter((line) => /sets|SHA256|INSTALL|Location/.test(line))).toEqual([]);
  });

  test("uses the router it was given, and says so when there is none", () => {
    expect(install(responseFile(oneStatic), guest).route).toBe("192.0.2.1");
    expect(install(responseFile({ ...oneStatic, gateway: undefined }), guest).route).toBe("none");
    expect(responseFile(oneDhcp)).not.toContain("route");
  });

  test("does not go on when the signed list on the CD does not verify", () => {
    const file = new Responses(responseFile(oneStatic));
    const question = "Signature check of SHA256.sig failed. Continue without verification?";
    expect(file.ask(question, "no")).toBe("no");
  });

  test.each(["", " ", "gw\nSetup a user = yes"])("refuses %j as a value", (hostname) => {
    expect(() => responseFile({ ...oneStatic, hostname })).toThrow(
      "System hostname: the answer must be one line of text",
    );
  });
});
