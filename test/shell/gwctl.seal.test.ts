import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { describeShell, Scratch } from "./support/scratch";

const COPY = "5e5e5e5e-1a1a-4444-8123-0123456789ab";
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
  "var/db/host.random": "random",
  "var/db/gwctl/managed": "/etc/pf.conf",
  "var/backups/etc_iked.conf.current": `psk "${PSK}"`,
  "var/log/daemon.0.gz": "old",
  "root/.ssh/authorized_keys": "ssh-ed25519 AAAA",
};

describeShell("gwctl seal", () => {
  let gateway: Scratch;
  let env: Record<string, string>;
  beforeEach(() => {
    gateway = new Scratch();
    env = { GWCTL_CONSOLE: path.join(gateway.base, "console") };
    for (const [file, text] of Object.entries(OWN)) gateway.write(file, `${text}\n`);
    gateway.write("var/log/messages", "gw-test booted\n");
    gateway.write("etc/rc.conf.local", "iked_flags=\n");
    uuid("9a9d0e5c-d223-4f7c-8531-0cbd259b60c1");
  });
  afterEach(() => {
    gateway.dispose();
  });

  function uuid(value: string): void {
    execFileSync("mkdir", ["-p", path.join(gateway.fake, "sysctl")]);
    gateway.fakeFile("sysctl/hw.uuid", `${value}\n`);
  }
  const said = () => gateway.console(env.GWCTL_CONSOLE ?? "");

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
    uuid(COPY);
    expect(gateway.run(`seal arm ${COPY}`).status).toBe(1);
    expect(gateway.exists("etc/rc.firsttime")).toBe(false);
  });

  test("another machine than the copy loses nothing", () => {
    expect(gateway.run(`seal run ${COPY}`, { env }).status).toBe(0);
    for (const [file, text] of Object.entries(OWN)) expect(gateway.read(file)).toBe(`${text}\n`);
    expect(gateway.calls()).not.toContain("halt -p");
  });

  test("the copy keeps nothing of its own, waits for an identity, and halts", () => {
    uuid(COPY);
    gateway.run(`seal run ${COPY}`, { env });
    for (const file of Object.keys(OWN))
      expect([file, gateway.exists(file)]).toEqual([file, false]);
    expect(gateway.read("var/log/messages")).toBe("");
    expect(gateway.read("etc/rc.conf.local")).toBe("iked_flags=\n");
    expect(gateway.read("etc/rc.firsttime")).toBe("/usr/local/sbin/gwctl identity\n");
    expect(gateway.exists(".gwctl-zeros")).toBe(false);
    expect(said()).toBe("gwctl: seal: done: 15 files\n");
    expect(gateway.calls().at(-1)).toBe("halt -p");
  });

  test("zeros are on the disk before a name goes", () => {
    uuid(COPY);
    gateway.run(`seal run ${COPY}`, { env });
    const calls = gateway.calls();
    const overwritten = calls.map((call) => call.includes("conv=notrunc")).lastIndexOf(true);
    expect(calls[overwritten]).toMatch(
      /^dd if=\/dev\/zero of=\/\S+ bs=65536 count=1 conv=notrunc$/,
    );
    expect(calls.slice(overwritten + 1)[0]).toBe("sync ");
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
        gateway.fakeFile("fail", "notrunc");
      },
      /overwritten/,
    ],
  ])("%s is a failure, and it does not say that it is done", (_, prepare, words) => {
    uuid(COPY);
    prepare();
    expect(gateway.run(`seal run ${COPY}`, { env }).status).toBe(2);
    expect(said()).toMatch(words);
    expect(said()).not.toContain("done");
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
