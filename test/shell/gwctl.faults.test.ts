import { Disk, withDisk } from "./support/disk";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

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

  test("a command whose end timeout(1) missed does not take the whole limit", () => {
    twoTunnels();
    gateway.calls();
    const options = { deaf: true, env: { GWCTL_LIMIT_SECONDS: "10" } };
    expect(gateway.run("tunnel down west", options).status).toBe(0);
    const waits = gateway.calls().filter((call) => call.startsWith("timeout"));
    expect(new Set(waits)).toEqual(new Set(["timeout woken"]));
  }, 60_000);

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

    const validators: [hangs: string, args: string, input: string, daemon?: string][] = [
      ["^iked -n ", "tunnel put iked west", ikedTunnel({ lifetime: 60 })],
      ["^iked -nv ", "tunnel put iked west", ikedTunnel({ lifetime: 60 })],
      ["^iked -n ", "ike iked", "set nofragmentation\n"],
      ["^ipsecctl -nf ", "tunnel put isakmpd west", isakmpdTunnel({ lifetime: 60 }), ISAKMPD_ON],
      ["^pfctl -nf ", "pf load 30", "new\n"],
      ["^sshd -t ", "sshd load 30", "# new\n"],
      ["^pfctl -a ", "put /etc/pf.user.conf 0600 root --check 'pfctl -a user -nf $1'", "pass\n"],
      ["^sysctl net.b", "sysctl", "net.b=0\n"],
    ];

    test.each(validators)("a validator (%s) in %s: refused, nothing changed", (...one) => {
      const [hangs, args, input, daemon = IKED_ON] = one;
      gateway.run("services", { input: daemon });
      if (daemon === IKED_ON) twoTunnels();
      else gateway.run("tunnel put isakmpd west", { input: isakmpdTunnel({}) });
      gateway.write("etc/ssh/sshd_config", "# old\n");
      gateway.write("etc/pf.user.conf", "old\n");
      gateway.fakeFile("running.sshd", "");
      gateway.write("var/run/sshd.pid", "1\n");
      const all = () => [
        ...files(),
        ...[
          "etc/ipsec/west.conf",
          "etc/pf.user.conf",
          "etc/ssh/sshd_config",
          "etc/sysctl.conf",
        ].map((name) => gateway.read(name)),
        ...["pf", "sshd", "sas", "rules"].map((name) => gateway.fakeRead(name)),
      ];
      const before = all();
      hang(hangs);
      const run = gateway.run(args, { input, env });
      expect(run.status).toBe(1);
      expect(run.stderr).toMatch(/took (more than 1 s|too long) and was ended/);
      expect(run.stderr).not.toContain("Secret");
      expect(all()).toEqual(before);
      expect(gateway.list("var/run").filter((name) => name.startsWith("gwctl"))).toEqual([]);
      works();
      expect(gateway.run(args, { input })).toMatchObject({ status: 0, stderr: "" });
      expect(all()).not.toEqual(before);
      gateway.endDeadMen();
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
  });
});
