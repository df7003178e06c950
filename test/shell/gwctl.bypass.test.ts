import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

const LAN = "10.10.0.0/24";
const excepted = (...networks: string[]) => networks.map((one) => `# gwctl bypass ${LAN} ${one}`);

describeShell("what a tunnel for every address leaves out", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/gwctl.watch", "interval 10\nfailures 2\nbackoff 60\ncap 3\n");
  });
  afterEach(() => {
    gateway.dispose();
  });

  /** The networks of which both directions are in the kernel. */
  const live = (): string[] => {
    const lines = gateway.fakeRead("bypasses").trim().split("\n");
    const out = lines.flatMap((line) => line.split(`out ${LAN} `)[1] ?? []);
    return out.filter((to) => lines.includes(`in ${to} ${LAN}`)).sort();
  };
  const put = (daemon: "iked" | "isakmpd", ...networks: string[]) => {
    const text = daemon === "iked" ? ikedTunnel : isakmpdTunnel;
    return gateway.ok(`tunnel put ${daemon} west`, text({ header: excepted(...networks) }));
  };

  describe.each([
    { daemon: "iked", on: IKED_ON, activated: "rcctl reload iked" },
    { daemon: "isakmpd", on: ISAKMPD_ON, activated: "ipsecctl -f " },
  ] as const)("with $daemon", ({ daemon, on, activated }) => {
    const other = (name: string) => (daemon === "iked" ? ikedTunnel : isakmpdTunnel)({ name });
    beforeEach(() => {
      gateway.ok("services", on);
      gateway.ok(`tunnel put ${daemon} east`, other("east"));
      gateway.calls();
    });

    test("is there before the daemon hears of the tunnel, and goes after it", () => {
      put(daemon, LAN, "192.0.2.1/32");
      expect(live()).toEqual([LAN, "192.0.2.1/32"]);
      const up = gateway.calls();
      const loaded = up.findIndex((call) => call.includes("bypass.conf"));
      expect(loaded).toBeGreaterThanOrEqual(0);
      expect(up.slice(loaded + 1).some((call) => call.startsWith(activated))).toBe(true);
      gateway.ok("tunnel remove west");
      expect(live()).toEqual([]);
      const gone = gateway.calls();
      const last = gone.findIndex(
        (call) => call.startsWith("ipsecctl -df") && call.includes("bypass"),
      );
      const told = daemon === "iked" ? "rcctl reload iked" : "ipsecctl -df";
      expect(gone.findIndex((call) => call.startsWith(told))).toBeLessThan(last);
    });

    test("follows the tunnel: changed, taken down, up again, disabled", () => {
      put(daemon, LAN, "192.0.2.0/24");
      put(daemon, LAN, "203.0.113.0/24");
      expect(live()).toEqual([LAN, "203.0.113.0/24"]);
      gateway.ok("tunnel down west");
      expect(live()).toEqual([]);
      gateway.ok("tunnel up west");
      expect(live()).toEqual([LAN, "203.0.113.0/24"]);
      const text = (daemon === "iked" ? ikedTunnel : isakmpdTunnel)({ header: excepted(LAN) });
      gateway.ok(`tunnel put ${daemon} west disabled`, text);
      expect(live()).toEqual([]);
    });

    test("is nobody's but the tunnel's: a flow that was loaded by hand stays", () => {
      gateway.fakeFile("bypasses", `in 10.99.0.0/24 ${LAN}\nout ${LAN} 10.99.0.0/24\n`);
      put(daemon, LAN);
      gateway.ok("tunnel remove west");
      expect(live()).toEqual(["10.99.0.0/24"]);
    });

    test("comes back when somebody took it away, and one direction is not enough", () => {
      put(daemon, LAN, "192.0.2.0/24");
      gateway.fakeFile(
        "bypasses",
        `in ${LAN} ${LAN}\nout ${LAN} ${LAN}\nout ${LAN} 192.0.2.0/24\n`,
      );
      gateway.ok("watch routes");
      expect(live()).toEqual([LAN, "192.0.2.0/24"]);
      gateway.fakeFile("bypasses", "");
      gateway.ok("watch once");
      expect(live()).toEqual([LAN, "192.0.2.0/24"]);
      gateway.calls();
      gateway.ok("watch routes");
      expect(gateway.calls().filter((call) => !call.startsWith("ipsecctl -s"))).toEqual([]);
    });

    test("changes nothing where the exceptions cannot be loaded", () => {
      gateway.fakeFile("fail", "ipsecctl -f .*bypass");
      const text = (daemon === "iked" ? ikedTunnel : isakmpdTunnel)({ header: excepted(LAN) });
      const done = gateway.run(`tunnel put ${daemon} west`, { input: text });
      expect(done.status).not.toBe(0);
      expect(live()).toEqual([]);
      expect(gateway.run("state").stdout).not.toMatch(/^west /m);
    });
  });

  test("outlives a start of iked, which removes every flow late", () => {
    gateway.ok("services", IKED_ON);
    put("iked", LAN);
    gateway.fakeFile("running.iked", undefined);
    gateway.ok("tunnel start-all");
    expect(live()).toEqual([LAN]);
  });

  test("outlives the change to the other daemon", () => {
    gateway.ok("services", IKED_ON);
    put("iked", LAN);
    put("isakmpd", LAN);
    gateway.ok("services", ISAKMPD_ON);
    expect(live()).toEqual([LAN]);
    gateway.ok("tunnel remove west");
    expect(live()).toEqual([]);
  });
});
