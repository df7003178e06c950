import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { CopiedDisk, COPY, RELEASE } from "./support/copied";
import { describeShell, Scratch } from "./support/scratch";

const PSK = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";
const OWN = {
  "etc/ssh/ssh_host_ed25519_key": "-----BEGIN OPENSSH PRIVATE KEY-----",
  "etc/iked/private/local.key": "-----BEGIN EC PRIVATE KEY-----",
  "etc/iked/west.conf": `psk "${PSK}"`,
  "etc/iked/west.conf.prev": `psk "${PSK}"`,
  "etc/ipsec/east.conf": `psk "${PSK}"`,
  "etc/isakmpd/private/local.key": "-----BEGIN RSA PRIVATE KEY-----",
  "etc/random.seed": "seed",
  "etc/hostname.vio0": "inet 10.10.0.2",
  "etc/pf.conf": "pass",
  "etc/rc.conf.local": "iked_flags=-v",
  "var/db/host.random": "random",
  "var/db/gwctl/managed": "/etc/pf.conf",
  "var/backups/etc_iked.conf.current": `psk "${PSK}"`,
  "var/log/daemon.0.gz": "old",
  "var/log/messages": "gw-test booted",
  "root/.ssh/authorized_keys": "ssh-ed25519 AAAA",
};

describeShell("gwctl seal", () => {
  let gateway: CopiedDisk;
  beforeEach(() => {
    gateway = new CopiedDisk();
    for (const [file, text] of Object.entries(OWN)) gateway.write(file, `${text}\n`);
    gateway.uuid("9a9d0e5c-d223-4f7c-8531-0cbd259b60c1");
  });
  afterEach(() => {
    gateway.dispose();
  });

  test("arm leaves one order for the next boot, beside what is there already", () => {
    gateway.write("etc/rc.firsttime", "/usr/bin/true\n");
    gateway.run(`seal arm ${COPY}`);
    expect(gateway.run(`seal arm ${COPY}`).stdout).toBe(`changed: armed for ${COPY}\n`);
    expect(gateway.read("etc/rc.firsttime")).toBe(
      `/usr/bin/true\n/usr/local/sbin/gwctl seal run ${COPY}\n`,
    );
  });

  test("arm, killed at any point, leaves the orders of before, and the repeat adds its own", () => {
    for (let killAt = 1, killed = true; killed; killAt++) {
      gateway.write("etc/rc.firsttime", "/usr/bin/true\n");
      killed = gateway.run(`seal arm ${COPY}`, { killAt }).status === null;
      expect(gateway.read("etc/rc.firsttime")).toMatch(/^\/usr\/bin\/true\n/);
      expect(gateway.run(`seal arm ${COPY}`)).toMatchObject({ status: 0, stderr: "" });
      expect(gateway.read("etc/rc.firsttime")).toBe(
        `/usr/bin/true\n/usr/local/sbin/gwctl seal run ${COPY}\n`,
      );
      if (!killed) expect(killAt).toBeGreaterThan(3);
    }
  });

  test("arm refuses this machine's own UUID: status 1", () => {
    gateway.uuid(COPY);
    expect(gateway.run(`seal arm ${COPY}`).status).toBe(1);
    expect(gateway.exists("etc/rc.firsttime")).toBe(false);
  });

  test("another machine than the copy loses nothing", () => {
    expect(gateway.seal()).toBe("");
    for (const [file, text] of Object.entries(OWN)) expect(gateway.read(file)).toBe(`${text}\n`);
    expect(gateway.calls()).not.toContain("halt -p");
  });

  test("the copy keeps nothing of its own, waits for an identity, and halts", () => {
    gateway.uuid(COPY);
    expect(gateway.seal()).toMatch(/^gwctl: seal: done: \d+ files\n$/);
    for (const [file, text] of Object.entries(OWN)) {
      expect([file, gateway.read(file)]).toEqual([file, RELEASE[file]]);
      expect(gateway.read(file)).not.toBe(`${text}\n`);
    }
    expect(gateway.read("etc/rc.firsttime")).toBe("/usr/local/sbin/gwctl identity\n");
    expect(gateway.exists(".gwctl-zeros")).toBe(false);
    expect(gateway.calls().at(-1)).toBe("halt -p");
  });

  test("zeros are on the disk before a name goes", () => {
    gateway.uuid(COPY);
    gateway.seal();
    const calls = gateway.calls();
    const flushed = Object.keys(OWN).map(
      (file) => `dd if=/dev/null of=/${file} conv=notrunc,fsync`,
    );
    expect(calls).toEqual(expect.arrayContaining(flushed));
  });

  test("a file is overwritten to its end and not behind it", () => {
    gateway.uuid(COPY);
    const sizes = [0, 1, 65535, 65536, 65537, 150_000];
    const bytes = sizes.map((size) => {
      gateway.write(`var/backups/size-${size}`, "x".repeat(size));
      return gateway.bytesOf(`var/backups/size-${size}`);
    });
    gateway.seal();
    for (const [index, size] of sizes.entries()) {
      const left = bytes[index]?.() ?? Buffer.from("none");
      expect([size, left.length, left.every((byte) => byte === 0)]).toEqual([size, size, true]);
    }
  });

  test.each([
    [
      "free space that is not filled",
      () => {
        gateway.fakeFile("room", "");
      },
      /free space/,
    ],
    [
      "no file system to fill",
      () => {
        gateway.fakeFile("mounts", "");
      },
      /no file system/,
    ],
    [
      "a file that cannot be overwritten",
      () => {
        gateway.fakeFile("fail", "random.seed conv=notrunc,fsync");
      },
      /\/etc\/random\.seed could not be overwritten: .*copy that again/,
    ],
    [
      "accounts that cannot be made",
      () => {
        gateway.fakeFile("fail", "^pwd_mkdb");
      },
      /cannot be put back/,
    ],
    ...["etc/mtree/4.4BSD.dist", "etc/rc.conf", "var/sysmerge/etc.tgz"].map(
      (file): [string, () => void, RegExp] => [
        `a system without /${file}`,
        () => {
          gateway.remove(file);
        },
        new RegExp(`/${file} is not there.*copy that again`),
      ],
    ),
  ])("%s is a failure, and it does not say that it is done", (_, prepare, words) => {
    gateway.uuid(COPY);
    prepare();
    const said = gateway.seal();
    expect(said).toMatch(words);
    expect(said).toMatch(/^gwctl: seal: failed: [^\n]*\n$/);
    expect(gateway.calls()).not.toContain("halt -p");
  });
});

describeShell("gwctl identity", () => {
  let gateway: Scratch;
  let env: Record<string, string>;
  beforeEach(() => {
    gateway = new Scratch();
    env = {
      GWCTL_CONSOLE: path.join(gateway.base, "console"),
      GWCTL_MEDIA: `${path.join(gateway.base, "none")} ${path.join(gateway.base, "medium")}`,
    };
  });
  afterEach(() => {
    gateway.dispose();
  });

  function medium(script: string): void {
    gateway.write("install.site", script);
    const file = path.join(gateway.base, "medium");
    execFileSync("tar", ["-cf", file, "-C", gateway.root, "install.site"]);
    gateway.remove("install.site");
  }

  test("runs what the medium says, and powers off", () => {
    medium("echo gw-prod >etc/myname; rm install.site; echo key\n");
    expect(gateway.run("identity", { env }).status).toBe(0);
    expect(gateway.read("etc/myname")).toBe("gw-prod\n");
    expect(gateway.console(env.GWCTL_CONSOLE ?? "")).toBe("key\ngwctl: identity: done\n");
    expect(gateway.calls()).toContain("shutdown -p now");
    expect(gateway.exists("etc/rc.firsttime")).toBe(false);
  });

  test.each([
    ["without a medium", undefined],
    ["with one that fails", "exit 3\n"],
  ])("%s it stays sealed and halts", (_, script) => {
    if (script !== undefined) medium(script);
    expect(gateway.run("identity", { env }).status).toBe(2);
    expect(gateway.read("etc/rc.firsttime")).toBe("/usr/local/sbin/gwctl identity\n");
    expect(gateway.console(env.GWCTL_CONSOLE ?? "")).toMatch(/waits for its identity\n$/);
    expect(gateway.calls()).toContain("halt -p");
    expect(gateway.exists("install.site")).toBe(false);
  });
});
