import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

const EAST = isakmpdTunnel({ name: "east" });
const rule = (text: string) => text.split("\n").find((line) => line.startsWith("ike"));

describeShell("gwctl with isakmpd", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.run("services", { input: ISAKMPD_ON });
  });
  afterEach(() => {
    gateway.dispose();
  });
  const put = (text: string, name = "west") =>
    gateway.run(`tunnel put isakmpd ${name}`, { input: text });
  const acts = () =>
    gateway.calls().filter((call) => /^(rcctl (re|st)|ipsecctl -(d?f)|fifo)/.test(call));
  const rules = () => gateway.fakeRead("rules").split("\n").filter(Boolean).sort();

  test("the first tunnel starts the daemon and loads everything, the last one stops it", () => {
    gateway.run("ike isakmpd", { input: "[General]\n" });
    expect(acts()).toEqual([]);
    put(EAST, "east");
    expect(acts()).toEqual(["rcctl start isakmpd", "ipsecctl -f /etc/ipsec.conf"]);
    expect(gateway.mode("etc/ipsec")).toBe("700");
    expect(gateway.mode("etc/isakmpd/isakmpd.conf")).toBe("600");
    gateway.run("tunnel remove east");
    expect(acts()).toEqual(["rcctl stop isakmpd"]);
  });

  test("a new tunnel only loads its own file", () => {
    put(EAST, "east");
    acts();
    put(isakmpdTunnel({}));
    expect(acts()).toEqual(["ipsecctl -f /etc/ipsec/west.conf"]);
  });

  test("a changed phase 2 leaves phase 1 alone", () => {
    put(EAST, "east");
    put(isakmpdTunnel({}));
    acts();
    put(isakmpdTunnel({ lifetime: 60 }));
    expect(acts()).toEqual([
      "ipsecctl -df /etc/ipsec/west.conf.prev",
      "ipsecctl -f /etc/ipsec/west.conf",
    ]);
    expect(rules()).toEqual([EAST, isakmpdTunnel({ lifetime: 60 })].map(rule).sort());
  });

  test.each([
    ["lifetime", { ikeLifetime: 60 }],
    ["PSK", { psk: "AnotherSecret1x2y3z" }],
  ])("a changed phase 1 %s ends phase 1 and its old transforms first", (_, change) => {
    put(EAST, "east");
    put(isakmpdTunnel({}));
    acts();
    put(isakmpdTunnel(change));
    expect(acts()).toEqual([
      "ipsecctl -df /etc/ipsec/west.conf.prev",
      "fifo t main peer-198.51.100.11-local-10.10.0.2",
      "fifo C rms [phase1-peer-198.51.100.11-local-10.10.0.2]",
      "ipsecctl -f /etc/ipsec/west.conf",
    ]);
  });

  test("down deletes the rule and its phase 1, up loads it", () => {
    put(EAST, "east");
    put(isakmpdTunnel({}));
    acts();
    gateway.run("tunnel down west");
    expect(rules()).toEqual([rule(EAST)]);
    expect(acts()).toEqual([
      "ipsecctl -df /etc/ipsec/west.conf.prev",
      "fifo t main peer-198.51.100.11-local-10.10.0.2",
      "fifo C rms [phase1-peer-198.51.100.11-local-10.10.0.2]",
    ]);
    gateway.run("tunnel up west");
    expect(acts()).toEqual(["ipsecctl -f /etc/ipsec/west.conf"]);
  });

  test("removing one of two tunnels to a peer keeps the phase 1 they share", () => {
    put(isakmpdTunnel({}));
    const second = isakmpdTunnel({}).replaceAll("10.20.0.0", "10.30.0.0");
    put(second, "westtwo");
    acts();
    gateway.run("tunnel remove west");
    expect(acts()).toEqual(["ipsecctl -df /etc/ipsec/west.conf.prev"]);
    expect(rules()).toEqual([rule(second)]);
  });

  test("new settings restart the daemon and load every tunnel again", () => {
    put(EAST, "east");
    acts();
    gateway.run("ike isakmpd", { input: "[General]\nDPD-check-interval=30\n" });
    expect(acts()).toEqual([
      "rcctl stop isakmpd",
      "rcctl start isakmpd",
      "ipsecctl -f /etc/ipsec.conf",
    ]);
    expect(rules()).toEqual([rule(EAST)]);
  });

  test("a rule that ipsecctl only complains about is refused: status 1", () => {
    put(EAST, "east");
    acts();
    const run = put(`${isakmpdTunnel({})}ike ILLEGAL\n`);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("illegal transform");
    expect(gateway.list("etc/ipsec")).toEqual(["east.conf"]);
    expect(acts()).toEqual([]);
  });

  test("a tunnel that does not load is taken back: status 2; nor the old one: status 3", () => {
    put(EAST, "east");
    put(isakmpdTunnel({}));
    expect(put(isakmpdTunnel({ word: "UNLOADABLE" })).status).toBe(2);
    expect(rules()).toEqual([EAST, isakmpdTunnel({})].map(rule).sort());
    expect(gateway.read("etc/ipsec/west.conf")).toBe(isakmpdTunnel({}));
    gateway.fakeFile("fail", "^ipsecctl -f");
    expect(put(isakmpdTunnel({ lifetime: 60 })).status).toBe(3);
    expect(gateway.read("etc/ipsec/west.conf")).toBe(isakmpdTunnel({}));
  });

  describe("the daemon is switched", () => {
    test("from iked: it stops first, and each tunnel moves with its put", () => {
      gateway.run("services", { input: IKED_ON });
      gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
      gateway.run("tunnel put iked east", { input: ikedTunnel({ name: "east" }) });
      gateway.calls();
      gateway.run("services", { input: ISAKMPD_ON });
      const changing = gateway.calls().filter((call) => /^rcctl (st|dis|en|set)/.test(call));
      expect(changing).toEqual([
        "rcctl stop iked",
        "rcctl disable iked",
        "rcctl enable isakmpd",
        "rcctl set isakmpd flags -K",
        "rcctl enable ipsec",
      ]);
      expect(gateway.run("services", { input: ISAKMPD_ON }).stdout).toBe("unchanged\n");

      gateway.run("ike isakmpd", { input: "[General]\n" });
      put(isakmpdTunnel({}));
      expect(gateway.run("state").stdout).toContain("--- tunnels\nwest isakmpd up\n--- names\n");
      put(EAST, "east");
      expect(gateway.list("etc/iked")).toEqual([]);
      expect(gateway.run("state").stdout).toContain("isakmpd on running");
      expect(rules()).toEqual([EAST, isakmpdTunnel({})].map(rule).sort());
    });

    test("a tunnel that is down by hand stays down", () => {
      put(EAST, "east");
      gateway.run("tunnel down east");
      gateway.run("services", { input: IKED_ON });
      gateway.run("tunnel put iked east", { input: ikedTunnel({ name: "east" }) });
      expect(gateway.run("state").stdout).toContain("--- tunnels\neast iked down\n");
    });

    test("services that cannot be switched go back: status 2", () => {
      put(EAST, "east");
      gateway.fakeFile("fail", "^rcctl enable iked");
      const run = gateway.run("services", { input: IKED_ON });
      expect(run.status).toBe(2);
      expect(gateway.run("state").stdout).toContain("iked off stopped\nisakmpd on running");
      expect(rules()).toEqual([rule(EAST)]);
    });

    test("new flags restart a daemon that has tunnels", () => {
      put(EAST, "east");
      acts();
      gateway.run("services", { input: ISAKMPD_ON.replace("-K", "-K -v") });
      expect(acts()).toEqual([
        "rcctl stop isakmpd",
        "rcctl start isakmpd",
        "ipsecctl -f /etc/ipsec.conf",
      ]);
      expect(gateway.read("etc/rc.conf.local")).toContain("isakmpd_flags=-K -v\n");
    });

    test("a line that is no service's is refused", () => {
      const run = gateway.run("services", { input: "iked_flags=\nrm -rf /\n" });
      expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("rm -rf /")]);
    });
  });
});
