import { convergesAfterEveryKill } from "./support/kills";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

describeShell("gwctl with isakmpd, killed at any point and repeated", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });
  jest.setTimeout(600_000);

  const rules = (...texts: string[]) =>
    texts.map((text) => text.split("\n").find((line) => line.startsWith("ike"))).sort();
  const loaded = () => gateway.fakeRead("rules").split("\n").filter(Boolean).sort();
  const east = isakmpdTunnel({ name: "east" });

  test("tunnel put has replaced the old rule by the new one", () => {
    gateway.ok("services", ISAKMPD_ON);
    gateway.ok("tunnel put isakmpd east", east);
    const input = isakmpdTunnel({ ikeLifetime: 3600 });
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("tunnel put isakmpd west", isakmpdTunnel({}));
      },
      args: "tunnel put isakmpd west",
      input,
      after: () => {
        expect(loaded()).toEqual(rules(east, input));
      },
    });
  });

  test("tunnel put with yet another text leaves no rule of the killed one", () => {
    gateway.ok("services", ISAKMPD_ON);
    gateway.ok("tunnel put isakmpd east", east);
    const next = isakmpdTunnel({ lifetime: 3 });
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("tunnel put isakmpd west", isakmpdTunnel({ lifetime: 1 }));
      },
      args: "tunnel put isakmpd west",
      input: isakmpdTunnel({ lifetime: 2 }),
      next,
      after: () => {
        expect(loaded()).toEqual(rules(east, next));
      },
    });
  });

  test("starting isakmpd has loaded every tunnel", () => {
    gateway.ok("services", ISAKMPD_ON);
    gateway.ok("tunnel put isakmpd east", east);
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("ike isakmpd", "[General]\n");
      },
      args: "ike isakmpd",
      input: "[General]\nDPD-check-interval=30\n",
      after: () => {
        expect(loaded()).toEqual(rules(east));
      },
    });
  });

  test("a tunnel has moved from iked", () => {
    const move = () => {
      gateway.ok("services", ISAKMPD_ON);
    };
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("services", IKED_ON);
        gateway.ok("tunnel put iked west", ikedTunnel({}));
        move();
      },
      args: "tunnel put isakmpd west",
      input: isakmpdTunnel({}),
      after: () => {
        expect(loaded()).toEqual(rules(isakmpdTunnel({})));
        expect(gateway.list("etc/iked")).toEqual([]);
        expect(gateway.read("etc/iked.conf")).not.toContain("include");
      },
    });
  });

  test("services has switched the daemon and loaded its tunnels", () => {
    gateway.ok("services", ISAKMPD_ON);
    gateway.ok("tunnel put isakmpd west", isakmpdTunnel({}));
    convergesAfterEveryKill(gateway, {
      before: () => {
        gateway.ok("services", IKED_ON);
      },
      args: "services",
      input: ISAKMPD_ON,
      after: () => {
        expect(gateway.read("etc/rc.conf.local")).toBe("isakmpd_flags=-K\nipsec=YES\n");
        expect(gateway.fakeRead("rules")).toContain("dstid west");
      },
    });
  });
});
