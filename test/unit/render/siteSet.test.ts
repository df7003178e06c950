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
import {
  FIRST_BOOT_MARK,
  HOST_KEY_MARK,
  installSite,
  rcFirsttime,
  siteSetMembers,
} from "../../../render/siteSet";

const KEYS = ["ssh-ed25519 AAAA one@host", 'from="10.0.0.0/8",no-pty ssh-ed25519 BBBB $two`id`'];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "site-"));
  mkdirSync(join(root, "etc"));
  mkdirSync(join(root, "root"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** install.site, with the new system's root where the test can see it and its only group known. */
function runInstallSite(): void {
  const script = installSite({ sshPublicKeys: KEYS })
    .replace(/(?<=[ >])\/(?=root|etc|install)/g, `${root}/`)
    .replaceAll("wheel", "root");
  writeFileSync(join(root, "install.site"), script);
  chmodSync(join(root, "install.site"), 0o755);
  execFileSync(join(root, "install.site"));
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

test("the first boot looks for no firmware, does the rest, and tells the host key", () => {
  const rc = join(root, "etc/rc.firsttime");
  writeFileSync(rc, "/usr/sbin/fw_update\necho checking patches\n");
  mkdirSync(join(root, "etc/ssh"));
  writeFileSync(join(root, "etc/ssh/ssh_host_ed25519_key.pub"), "ssh-ed25519 HOSTKEY root@gw\n");
  runInstallSite();
  // rc(8) reads it into its own shell.
  const out = execFileSync("sh", ["-c", `. ${rc}; echo rc goes on`]).toString();
  expect(out.split("\n")).toEqual([
    "checking patches",
    `${HOST_KEY_MARK} ssh-ed25519 HOSTKEY`,
    FIRST_BOOT_MARK,
    "rc goes on",
    "",
  ]);
  expect(rcFirsttime()).not.toMatch(/exit|set -/);
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
