import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

/** A file system of its own for the gateway's files; needs root. */
class Disk {
  private mounted = false;

  constructor(private readonly root: string) {
    this.mount("-t", "tmpfs", "-o", "size=512k,mode=755", "tmpfs");
    this.mounted = true;
    fs.mkdirSync(path.join(root, "var/run"), { recursive: true });
    fs.mkdirSync(path.join(root, "etc/iked"), { recursive: true });
  }

  fill(): void {
    const filler = path.join(this.root, "filler");
    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"]);
  }

  free(): void {
    fs.rmSync(path.join(this.root, "filler"), { force: true });
  }

  readOnly(yes: boolean): void {
    this.mount("-o", `remount,${yes ? "ro" : "rw"}`);
  }

  dispose(): void {
    if (this.mounted) spawnSync("umount", [this.root]);
  }

  private mount(...args: string[]): void {
    const { status, stderr } = spawnSync("mount", [...args, this.root], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }
}

const mayMount = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;
if (!mayMount) console.warn("SKIPPED: a full and a read-only disk need root");
const withDisk = mayMount ? describe : describe.skip;

describeShell("gwctl when the machine fails it", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });

  const files = () =>
    ["etc/iked.conf", "etc/iked/west.conf", "etc/iked/east.conf", "etc/rc.conf.local"].map((name) =>
      gateway.read(name),
    );
  const twoTunnels = () => {
    gateway.run("services", { input: IKED_ON });
    gateway.run("tunnel put iked east", { input: ikedTunnel({ name: "east" }) });
    gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
  };

  withDisk("its disk", () => {
    let disk: Disk;
    beforeEach(() => {
      disk = new Disk(gateway.root);
      twoTunnels();
      gateway.run("put /etc/x 0644 root --activate 'pfctl -f $1'", { input: "old\n" });
      gateway.write("etc/pf.conf", "old\n");
    });
    afterEach(() => {
      disk.free();
      disk.dispose();
    });

    const changes: [string, string][] = [
      ["put /etc/x 0644 root --activate 'pfctl -f $1'", "new\n"],
      ["services", ISAKMPD_ON],
      ["ike iked", "set fragmentation\n"],
      ["tunnel put iked west", ikedTunnel({ lifetime: 60 })],
      ["tunnel put iked north", ikedTunnel({ name: "north" })],
      ["tunnel down west", ""],
      ["tunnel remove west", ""],
      ["pf load 30", "new\n"],
      ["watch set", "interval 10\nfailures 2\nbackoff 60\ncap 3\n"],
    ];

    // Space is gone, but files can be emptied and directories changed: the worst kind of full.
    test.each(changes)(
      "full: %s fails or is done, never half, and the repeat is done",
      (args, input) => {
        const before = files();
        const sas = gateway.fakeRead("sas");
        disk.fill();
        const run = gateway.run(args, { input });
        if (run.status !== 0) {
          expect([1, 2]).toContain(run.status);
          expect(run.stderr).toMatch(/^gwctl: /);
          expect(run.stderr).not.toContain("Secret");
          expect(files()).toEqual(before);
          expect(gateway.fakeRead("sas")).toBe(sas);
        }
        disk.free();
        expect(gateway.run(args, { input })).toMatchObject({ status: 0, stderr: "" });
        expect(gateway.run("state").status).toBe(0);
        if (!args.endsWith(" west") && args !== "services") {
          expect(gateway.fakeRead("sas")).toContain("FQDN/west.example.net");
        }
        if (args !== "services") expect(gateway.fakeRead("sas")).toContain("FQDN/east.example.net");
        expect(gateway.list("var/db/gwctl/pending")).toEqual([]);
      },
    );

    test.each(changes)("read-only: %s is refused before anything is touched", (args, input) => {
      const before = files();
      gateway.calls();
      disk.readOnly(true);
      const run = gateway.run(args, { input });
      disk.readOnly(false);
      expect(run.status).toBe(1);
      expect(run.stderr).toMatch(/^gwctl: \/var\/db\/gwctl: cannot be written: /);
      expect(files()).toEqual(before);
      expect(gateway.calls()).toEqual([]);
      expect(gateway.run(args, { input }).status).toBe(0);
    });
  });

  describe("a command that hangs is ended, and", () => {
    const env = { GWCTL_LIMIT_SECONDS: "1" };
    const hang = (pattern: string) => {
      gateway.fakeFile("hang", pattern);
    };
    const works = () => {
      gateway.fakeFile("hang", undefined);
    };

    test("a validator: refused, nothing changed", () => {
      twoTunnels();
      const before = files();
      hang("^iked -n");
      const run = gateway.run("tunnel put iked west", { input: ikedTunnel({ lifetime: 60 }), env });
      expect(run.status).toBe(1);
      expect(run.stderr).toContain("iked took more than 1 s and was ended");
      expect(files()).toEqual(before);
      works();
      expect(
        gateway.run("tunnel put iked west", { input: ikedTunnel({ lifetime: 60 }) }).status,
      ).toBe(0);
    });

    test("an activation: the old text is put back, and runs as soon as it can", () => {
      twoTunnels();
      const before = files();
      hang("^rcctl reload");
      const run = gateway.run("tunnel put iked west", { input: ikedTunnel({ lifetime: 60 }), env });
      expect(run.status).toBe(3);
      expect(run.stderr).toContain("rcctl took more than 1 s");
      expect(files()).toEqual(before);
      works();
      expect(gateway.run("tunnel put iked west", { input: ikedTunnel({}) }).status).toBe(0);
      expect(gateway.fakeRead("policies")).toContain("lifetime 3600");
    });

    test("ipsecctl: likewise", () => {
      gateway.run("services", { input: ISAKMPD_ON });
      gateway.run("tunnel put isakmpd west", { input: isakmpdTunnel({}) });
      hang("^ipsecctl -nf");
      const put = (more: object) =>
        gateway.run("tunnel put isakmpd west", { input: isakmpdTunnel({ lifetime: 60 }), ...more });
      expect(put({ env })).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("ipsecctl took more than 1 s") as string,
      });
      works();
      expect(put({}).status).toBe(0);
    });

    test("the lock is free again", () => {
      hang("^pfctl -nf");
      expect(gateway.run("pf load 30", { input: "new\n", env }).status).toBe(1);
      expect(gateway.list("var/run")).toEqual([]);
    });
  });
});
