import { convergesAfterEveryKill } from "./support/kills";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

describeShell("gwctl killed at any point of what it does beside the tunnels, and repeated", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });
  jest.setTimeout(240_000);

  const ok = (args: string, input = "") => {
    expect(gateway.run(args, { input })).toMatchObject({ status: 0, stderr: "" });
  };

  test("sysctl has set and kept every value", () => {
    convergesAfterEveryKill(gateway, {
      before: () => {
        ok("sysctl", "net.a=5\nnet.b=6\n");
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
    ok("services", IKED_ON);
    ok("tunnel put iked west", ikedTunnel({}));
    convergesAfterEveryKill(gateway, {
      before: () => {
        ok("ike iked", "set fragmentation\n");
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
    ok("services", IKED_ON);
    ok("tunnel put iked east", ikedTunnel({ name: "east" }));
    ok("tunnel put iked west", ikedTunnel({}));
    convergesAfterEveryKill(gateway, {
      before: () => {
        ok("tunnel down west");
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
    ok("services", IKED_ON);
    ok("tunnel put iked west", ikedTunnel({}));
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
        ok("tunnel up west");
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
});
