import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOST_KEY_MARK, installSite, siteSetMembers } from "../../../render/siteSet";

const KEYS = ["ssh-ed25519 AAAA one@host", 'from="10.0.0.0/8",no-pty ssh-ed25519 BBBB $two`id`'];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "site-"));
  mkdirSync(join(root, "etc/ssh"), { recursive: true });
  mkdirSync(join(root, "root"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** install.site, with the new system's root where the test can see it and its only group known. */
function runInstallSite(): string {
  const script = installSite({ sshPublicKeys: KEYS })
    .replace(/(?<=[ >=])\/(?=root|etc|install)/g, `${root}/`)
    .replaceAll("wheel", "root");
  writeFileSync(join(root, "install.site"), script);
  chmodSync(join(root, "install.site"), 0o755);
  return execFileSync(join(root, "install.site")).toString();
}

test("install.site gives root exactly the keys, and takes itself away", () => {
  mkdirSync(join(root, "root/.ssh"));
  writeFileSync(join(root, "root/.ssh/authorized_keys"), "ssh-ed25519 AAAA from the installer\n");
  runInstallSite();
  const file = join(root, "root/.ssh/authorized_keys");
  expect(readFileSync(file, "utf8")).toBe(`${KEYS.join("\n")}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(root, "root/.ssh")).mode & 0o777).toBe(0o700);
  expect(existsSync(join(root, "install.site"))).toBe(false);
});

test("the console shows a new host key, or the one that is there", () => {
  const said = runInstallSite();
  const key = readFileSync(join(root, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8");
  expect(key).toMatch(/^ssh-ed25519 AAAA/);
  expect(said).toBe(`${HOST_KEY_MARK} ${key.split(" ").slice(0, 2).join(" ")}\n`);
  expect(runInstallSite()).toBe(said);
});

test("the first boot looks for no firmware, and does the rest", () => {
  const rc = join(root, "etc/rc.firsttime");
  writeFileSync(rc, "/usr/sbin/fw_update\necho checking patches\n");
  runInstallSite();
  expect(readFileSync(rc, "utf8")).toBe("echo checking patches\n");
});

test("the set is install.site alone, root's and executable", () => {
  const members = siteSetMembers({ sshPublicKeys: KEYS });
  expect(members.map(({ path, mode, uid, gid }) => [path, mode, uid, gid])).toEqual([
    ["install.site", 0o755, 0, 0],
  ]);
});

test.each([[[]], [[""]], [["ssh-ed25519 AAAA\nEND-OF-KEYS\nid"]]])(
  "refuses %j",
  (sshPublicKeys) => {
    expect(() => installSite({ sshPublicKeys })).toThrow("sshPublicKeys");
  },
);
