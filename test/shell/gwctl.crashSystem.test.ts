import { rmSync } from "node:fs";
import { convergesAfterEveryKill } from "./support/kills";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

describeShell("gwctl killed at any point of what it does beside the tunnels, and repeated", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });
  jest.setTimeout(600_000);

  test("sysctl has set and kept every value", () => {
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("sysctl", "net.a=5\nnet.b=6\n");
      },
      args: "sysctl",
      input: "net.a=0\nnet.b=2\n",
      after: () => {
        expect(gateway.fakeRead("sysctl/net.a") + gateway.fakeRead("sysctl/net.b")).toBe("0\n2\n");
        expect(gateway.read("etc/sysctl.conf")).toBe("net.a=0\nnet.b=2\n");
      },
    });
  });

  test("ike has its settings, and the tunnel its SA", () => {
    gateway.ok("services", IKED_ON);
    gateway.ok("tunnel put iked west", ikedTunnel({}));
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("ike iked", "set fragmentation\n");
      },
      args: "ike iked",
      input: "set nofragmentation\n",
      after: () => {
        expect(gateway.read("etc/iked/_globals.conf")).toBe("set nofragmentation\n");
        expect(gateway.fakeRead("policies")).toContain("set nofragmentation\n");
        expect(gateway.fakeRead("sas")).toContain("<FQDN/west.example.net>");
      },
    });
  });

  test("tunnel up has it up", () => {
    gateway.ok("services", IKED_ON);
    gateway.ok("tunnel put iked east", ikedTunnel({ name: "east" }));
    gateway.ok("tunnel put iked west", ikedTunnel({}));
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("tunnel down west");
      },
      args: "tunnel up west",
      after: () => {
        expect(gateway.fakeRead("sas")).toContain("<FQDN/west.example.net>");
        expect(gateway.fakeRead("sas")).toContain("<FQDN/east.example.net>");
        expect(gateway.exists("etc/iked/west.down")).toBe(false);
      },
    });
  });

  test("patches has installed every erratum, and the daemon runs what came", () => {
    gateway.ok("services", IKED_ON);
    gateway.ok("tunnel put iked west", ikedTunnel({}));
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.fakeFile("patched", "");
        gateway.fakeFile("pending", "001_iked\n002_other\n");
        gateway.calls();
      },
      args: "patches apply",
      after: () => {
        expect(gateway.fakeRead("patched")).toBe("001_iked\n002_other\n");
        const calls = gateway.calls();
        const started = calls.lastIndexOf("rcctl start iked");
        expect({ calls, anew: started > calls.indexOf("syspatch ") }).toMatchObject({ anew: true });
        expect(gateway.run("state").stdout).toContain("iked on running\n");
        expect(gateway.list("var/db/gwctl")).not.toContain("patched");
        // Only what changes a file needs the lock, and breaks that of a dead process.
        gateway.ok("tunnel up west");
      },
    });
  });

  test.each([
    ["installed", "rsync\n", "nmap\n", ["nmap-7.98", "quirks-7.1"]],
    ["removed", "rsync\nnmap\n", "# none\n", ["quirks-7.1"]],
  ])("packages that are to be %s are", (_, before, input, installed) => {
    gateway.write("var/db/pkg/quirks-7.1/+CONTENTS", "");
    gateway.fakeFile("mirror", "rsync-3.4.1p1\nnmap-7.98\n");
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("packages", before);
      },
      args: "packages",
      input,
      after: () => {
        expect(gateway.list("var/db/pkg")).toEqual(installed);
      },
    });
  });

  test.each([
    ["pf", "etc/pf.conf", "pf"],
    ["sshd", "etc/ssh/sshd_config", "sshd"],
  ])("%s rollback has the confirmed text back", (kind, file, running) => {
    gateway.write(file, "# old\n", kind === "pf" ? 0o600 : 0o644);
    gateway.fakeFile(running, "# old\n");
    gateway.fakeFile("running.sshd", "");
    gateway.write("var/run/sshd.pid", "1\n");
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.run(`${kind} load 60`, { input: "# new\n" });
        expect(gateway.fakeRead(running)).toBe("# new\n");
      },
      args: `${kind} rollback`,
      after: () => {
        expect([gateway.fakeRead(running), gateway.read(file)]).toEqual(["# old\n", "# old\n"]);
        expect(gateway.list("var/db/gwctl")).not.toContain(`${kind}.armed`);
        gateway.endDeadMen();
      },
    });
  });

  test("reboot begins all the same, and never leaves the machine without sshd for good", () => {
    let killed = true;
    for (let killAt = 1; killed; killAt++) {
      gateway.write("bsd", "@(#)OpenBSD 7.9 (GENERIC) #2: Wed\n");
      gateway.fakeFile("running.sshd", "");
      killed = gateway.run("reboot begin", { killAt }).status === null;
      gateway.endDeadMen();
      gateway.calls();
      const again = gateway.run("reboot begin");
      expect([killAt, again.status, again.stdout]).toEqual([killAt, 0, "changed: reboots\n"]);
      expect(gateway.exists("var/db/gwctl/reboot")).toBe(true);
      // The one who was to start sshd again is dead as well: the watchdog does it.
      gateway.endDeadMen();
      gateway.age("var/run/gwctl.boot", 300);
      gateway.run("watch once");
      expect(gateway.calls().filter((call) => call.startsWith("rcctl st"))).toEqual([
        "rcctl stop sshd",
        "rcctl start sshd",
      ]);
      expect(killAt).toBeLessThan(100);
    }
  });

  test("reboot end is over when the tunnels carry packets, and not before", () => {
    const input = "west 10.10.0.2 10.20.1.100\n";
    let killed = true;
    for (let killAt = 1; killed; killAt++) {
      gateway.write("var/db/gwctl/reboot", "west\n");
      killed = gateway.run("reboot end 21", { input, killAt }).status === null;
      if (gateway.exists("var/db/gwctl/reboot")) {
        expect(gateway.run("reboot end 21", { input }).stdout).toContain("1 tunnels proven again");
      }
      expect(gateway.run("reboot end 21", { input })).toMatchObject({ stdout: "unchanged\n" });
      expect(gateway.list("var/run")).toEqual([]);
      if (!killed) expect(killAt).toBeGreaterThan(3);
    }
  });

  test("watch once resets the tunnel that is silent, whichever pass was killed", () => {
    gateway.ok("services", IKED_ON);
    gateway.ok("tunnel put iked east", ikedTunnel({ name: "east" }));
    gateway.ok(
      "tunnel put iked west",
      ikedTunnel({ header: ["# gwctl probe 10.10.0.2 10.20.1.100"] }),
    );
    gateway.write("etc/gwctl.watch", "interval 10\nfailures 1\nbackoff 60\ncap 3\n");
    gateway.fakeFile("silent", "10.20.1.100\n");
    const files = () => [gateway.list("etc/iked"), gateway.read("etc/iked.conf")];
    const before = files();
    const resets = () => gateway.calls().filter((call) => call.startsWith("ikectl reset id"));
    let killed = true;
    for (let killAt = 1; killed; killAt++) {
      rmSync(`${gateway.root}/var/db/gwctl/watch`, { recursive: true, force: true });
      resets();
      killed = gateway.run("watch once", { killAt }).status === null;
      expect(gateway.run("watch once")).toMatchObject({ status: 0, stderr: "" });
      const done = resets();
      expect([killAt, ...new Set(done)]).toEqual([killAt, "ikectl reset id FQDN/west.example.net"]);
      expect(done.length).toBeLessThan(3);
      expect(files()).toEqual(before);
      expect(gateway.fakeRead("sas").match(/<FQDN/g)).toHaveLength(2);
      expect(gateway.list("var/run")).toEqual(["gwctl.booted"]);
      if (!killed) expect(killAt).toBeGreaterThan(5);
    }
  });
});
