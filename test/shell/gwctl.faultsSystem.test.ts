import { Disk, withDisk } from "./support/disk";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

interface Change {
  readonly args: string;
  readonly input?: string;
  /** What has to be there for the change to have something to do. */
  readonly before?: (gateway: Scratch) => void;
  /** Throws unless the change is done. */
  readonly done: (gateway: Scratch) => void;
}

const PROBES = "west 10.10.0.2 10.20.1.100\n";

const CHANGES: readonly Change[] = [
  {
    args: "sysctl",
    input: "net.a=0\nnet.b=2\n",
    done: (gateway) => {
      expect(gateway.read("etc/sysctl.conf")).toBe("net.a=0\nnet.b=2\n");
      expect(gateway.fakeRead("sysctl/net.b")).toBe("2\n");
    },
  },
  {
    args: "packages",
    input: "rsync\n",
    done: (gateway) => {
      expect(gateway.list("var/db/pkg")).toEqual(["rsync-3.4.1p1"]);
      expect(gateway.read("var/db/gwctl/packages")).toBe("rsync\n");
    },
  },
  {
    args: "patches apply",
    done: (gateway) => {
      expect(gateway.fakeRead("patched")).toBe("001_iked\n");
      expect(gateway.calls().filter((call) => call === "rcctl start iked")).not.toEqual([]);
    },
  },
  {
    args: "sshd load 60",
    input: "# new\n",
    done: (gateway) => {
      expect(gateway.fakeRead("sshd")).toBe("# new\n");
      expect(gateway.list("var/db/gwctl")).toContain("sshd.armed");
      // What was confirmed is on disk, whatever runs.
      expect(gateway.read("etc/ssh/sshd_config")).toBe("# old\n");
    },
  },
  {
    args: "reboot begin",
    input: PROBES,
    before: (gateway) => {
      gateway.write("bsd", "@(#)OpenBSD 7.9 (GENERIC) #2: Wed\n");
    },
    done: (gateway) => {
      expect(gateway.read("var/db/gwctl/reboot")).toBe("west\n");
    },
  },
  {
    args: "release fetch",
    done: (gateway) => {
      expect(gateway.calls()).toContain("sysupgrade -n");
      expect(gateway.read("var/db/gwctl/upgrade")).toBe("7.9\n");
    },
  },
];

describeShell("gwctl when the machine fails what is beside the tunnels", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });

  withDisk("its disk", () => {
    let disk: Disk;
    beforeEach(() => {
      disk = new Disk(gateway.root);
      gateway.run("services", { input: IKED_ON });
      gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
      gateway.write("etc/ssh/sshd_config", "# old\n", 0o644);
      gateway.fakeFile("sshd", "# old\n");
      gateway.fakeFile("running.sshd", "");
      gateway.write("var/run/sshd.pid", "1\n");
      gateway.write("etc/sysctl.conf", "net.a=1\n", 0o644);
      gateway.write("var/db/pkg/.keep", "");
      gateway.remove("var/db/pkg/.keep");
      gateway.fakeFile("mirror", "rsync-3.4.1p1\n");
      gateway.fakeFile("pending", "001_iked\n");
      gateway.calls();
    });
    afterEach(() => {
      gateway.endDeadMen();
      disk.free();
      disk.dispose();
    });

    const works = () => {
      expect(gateway.run("state").status).toBe(0);
      expect(gateway.fakeRead("sas")).toContain("FQDN/west.example.net");
      // Nobody is locked out meanwhile.
      expect(gateway.fakeRead("running.sshd")).toBe("");
      expect(gateway.read("etc/ssh/sshd_config")).toBe("# old\n");
    };

    test.each(CHANGES)("full: $args fails or is done, and the repeat is done", (change) => {
      const { args, input = "", before, done } = change;
      before?.(gateway);
      disk.fill();
      const run = gateway.run(args, { input });
      if (run.status === 0) {
        done(gateway);
      } else {
        expect([1, 2]).toContain(run.status);
        expect(run.stderr).toMatch(/^gwctl: \/\S+: .+: .+/);
      }
      gateway.endDeadMen();
      disk.free();
      works();
      expect(gateway.run(args, { input })).toMatchObject({ status: 0, stderr: "" });
      if (run.status !== 0) done(gateway);
    });

    test.each(CHANGES)("read-only: $args is refused before anything is touched", (change) => {
      const { args, input = "", before, done } = change;
      before?.(gateway);
      disk.readOnly(true);
      const run = gateway.run(args, { input });
      disk.readOnly(false);
      expect(run.status).toBe(1);
      expect(run.stderr).toMatch(/^gwctl: \/var\/db\/gwctl: cannot be written: /);
      expect(gateway.calls()).toEqual([]);
      works();
      expect(gateway.run(args, { input })).toMatchObject({ status: 0, stderr: "" });
      done(gateway);
    });
  });
});
