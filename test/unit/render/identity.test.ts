import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Identity } from "../../../contract/adopt";
import { identityMedium, identityScript } from "../../../render/identity";

const identity: Identity = {
  hostname: "gw-prod",
  interface: "vio0",
  address: "10.12.0.2/23",
  gateway: "10.12.0.1",
  dns: ["192.0.2.53"],
  sshPublicKeys: ["ssh-ed25519 AAAA one@host", 'from="10.0.0.0/8" ssh-ed25519 BBBB $two`id`'],
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "identity-"));
  for (const name of ["etc/ssh", "root"]) mkdirSync(join(root, name), { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** What the medium brings, run with the new system's root where the test can see it. */
function become(before = ""): string {
  const medium = join(root, "medium");
  writeFileSync(medium, identityMedium(identity));
  const script = execFileSync("tar", ["-xOf", medium, "install.site"], { encoding: "utf8" })
    .replace(/(?<=[ >=])\/(?=root|etc|install)/g, `${root}/`)
    .replaceAll("wheel", "root");
  return execFileSync("sh", ["-c", before + script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const text = (name: string) => readFileSync(join(root, name), "utf8");

test("the copy gets the identity of the medium, and no other keys", () => {
  writeFileSync(join(root, "etc/ssh/ssh_host_rsa_key"), "made by rc");
  const said = become();
  expect(text("etc/myname")).toBe("gw-prod\n");
  expect(text("etc/hostname.vio0")).toBe("inet 10.12.0.2 255.255.254.0\n");
  expect(statSync(join(root, "etc/hostname.vio0")).mode & 0o777).toBe(0o640);
  expect(text("etc/mygate")).toBe("10.12.0.1\n");
  expect(text("etc/resolv.conf")).toBe("nameserver 192.0.2.53\nlookup file bind\n");
  expect(text("root/.ssh/authorized_keys")).toBe(`${identity.sshPublicKeys.join("\n")}\n`);
  expect(() => text("etc/ssh/ssh_host_rsa_key")).toThrow();
  const [type, key] = text("etc/ssh/ssh_host_ed25519_key.pub").split(" ");
  expect(said).toBe(`gateway-host-key: ${type} ${key}\n`);
});

test("the key is printed when it is on the disk with everything else, and not before", () => {
  expect(become(`dd() { echo "$*" >>${root}/dd; }\n`)).toMatch(/^gateway-host-key: /m);
  const paths = ["/etc/myname", "/etc/mygate", "/root/.ssh/authorized_keys"];
  for (const path of [...paths, "/etc/ssh/ssh_host_ed25519_key", "/etc/hostname.vio0"]) {
    expect(text("dd")).toContain(`of=${root}${path} conv=notrunc,fsync\n`);
  }
  const failing = () => become("dd() { case $* in (*authorized_keys*) return 1 ;; esac; }\n");
  expect(failing).toThrow(/authorized_keys: cannot be written to the disk/);
});

test("a medium is read in whole records, and is the same every time", () => {
  expect(identityMedium(identity).length % 10_240).toBe(0);
  expect(identityMedium(identity).equals(identityMedium(identity))).toBe(true);
});

test.each([
  ["inet6 2001:db8::2 64", "2001:db8::2/64"],
  ["inet autoconf", "dhcp"],
])("writes %s", (line, address) => {
  expect(identityScript({ ...identity, address })).toContain(`\n${line}\n`);
});

test("refuses values that would be more than a line, and an empty list of keys", () => {
  expect(() => identityScript({ ...identity, hostname: "a\nb" })).toThrow(RangeError);
  expect(() => identityScript({ ...identity, sshPublicKeys: [] })).toThrow(RangeError);
});
