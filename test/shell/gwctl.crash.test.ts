import { convergesAfterEveryKill } from "./support/kills";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

const pols = (gateway: Scratch): string[] =>
  gateway
    .fakeRead("sas")
    .split("\n")
    .map((line) => line.replace(/.*<(.*)>.* pol /, "$1 "))
    .filter(Boolean)
    .sort();

describeShell("gwctl with iked, killed at any point and repeated", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });
  jest.setTimeout(600_000);

  test("put has activated the new text", () => {
    const put = "put /etc/sysctl.conf 0644 root:wheel --activate 'pfctl -f $1'";
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok(put, "old=1\n");
      },
      args: put,
      input: "new=1\n",
      after: () => {
        expect(gateway.fakeRead("pf")).toBe("new=1\n");
        expect(gateway.read("etc/sysctl.conf.prev")).toBe("old=1\n");
      },
    });
  });

  describe("iked", () => {
    let fresh: string[];
    beforeEach(() => {
      gateway.ok("services", IKED_ON);
      gateway.ok("tunnel put iked east", ikedTunnel({ name: "east" }));
      gateway.ok("tunnel put iked west", ikedTunnel({ lifetime: 1 }));
      gateway.ok("tunnel put iked west", ikedTunnel({ lifetime: 2 }));
      fresh = pols(gateway);
    });

    test("tunnel put has given a changed tunnel, and no other, a new SA", () => {
      convergesAfterEveryKill(gateway, {
        before: () => {
          gateway.ok("tunnel put iked west", ikedTunnel({ lifetime: 1 }));
        },
        args: "tunnel put iked west",
        input: ikedTunnel({ lifetime: 2 }),
        after: () => {
          expect(pols(gateway)).toEqual(fresh);
        },
      });
    });

    test("tunnel remove has left nothing of it", () => {
      convergesAfterEveryKill(gateway, {
        before: () => {
          gateway.ok("tunnel put iked west", ikedTunnel({ lifetime: 1 }));
        },
        args: "tunnel remove west",
        after: () => {
          expect(pols(gateway)).toEqual(fresh.filter((pol) => pol.startsWith("FQDN/east")));
          expect(gateway.list("etc/iked")).toEqual(
            expect.not.arrayContaining([expect.stringContaining("west")]),
          );
        },
      });
    });

    test("tunnel down keeps it down", () => {
      convergesAfterEveryKill(gateway, {
        before: () => {
          gateway.ok("tunnel up west");
        },
        args: "tunnel down west",
        after: () => {
          expect(pols(gateway)).toEqual(fresh.filter((pol) => pol.startsWith("FQDN/east")));
          expect(gateway.read("etc/iked/west.conf")).toBe(ikedTunnel({ lifetime: 2 }));
        },
      });
    });
  });

  test("watch set has the service installed, enabled and started with the settings", () => {
    const settings = "interval 10\nfailures 2\nbackoff 60\ncap 3\n";
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("watch set", "off\n");
        gateway.write("etc/rc.d/gwctl_watch", "old\n");
      },
      args: "watch set",
      input: settings,
      after: () => {
        expect(gateway.read("etc/gwctl.watch")).toBe(settings);
        expect(gateway.mode("etc/rc.d/gwctl_watch")).toBe("555");
        expect(gateway.fakeRead("running.gwctl_watch")).toBe("");
        expect(gateway.read("etc/rc.conf.local")).toContain("gwctl_watch");
      },
    });
  });

  test.each(["tunnel restart west", "tunnel kill west", "tunnel flush", "tunnel start-all"])(
    "%s, killed at any point, leaves the files alone, and the repeat ends well",
    (args) => {
      gateway.ok("services", IKED_ON);
      gateway.ok("tunnel put iked east", ikedTunnel({ name: "east" }));
      gateway.ok("tunnel put iked west", ikedTunnel({}));
      const before = [gateway.list("etc/iked"), gateway.read("etc/iked.conf")];
      for (let killAt = 1, killed = true; killed; killAt++) {
        killed = gateway.run(args, { killAt }).status === null;
        expect([gateway.list("etc/iked"), gateway.read("etc/iked.conf")]).toEqual(before);
        gateway.ok(args);
        expect(pols(gateway)).toHaveLength(2);
        expect(gateway.list("var/run")).toEqual([]);
      }
    },
  );
});
