import { createHash } from "node:crypto";
import { gwctlState } from "../../contract/gwctl";
import { sectionsOf } from "../../parse/sections";
import { inSections } from "../unit/support/sections";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

describeShell("gwctl state", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });

  const state = (): Record<string, string[]> => {
    const { status, stdout, stderr } = gateway.run("state");
    expect([status, stderr]).toEqual([0, ""]);
    expect([...sectionsOf(stdout).keys()]).toEqual(Object.keys(gwctlState.shape));
    return inSections(gwctlState, stdout);
  };

  test("on an empty gateway every section is there", () => {
    expect(state()).toMatchObject({
      gwctl: [expect.stringMatching(/^version \d+$/)],
      files: [],
      services: ["iked off stopped", "isakmpd off stopped", "gwctl_watch off stopped"],
      tunnels: [],
      ike: [],
      uptime: [expect.stringMatching(/^\d+$/)],
    });
  });

  test("lists every managed file with hash and mode, sorted", () => {
    gateway.run("services", { input: IKED_ON });
    gateway.run("put /etc/sysctl.conf 0644 root", { input: "net.inet.ip.forwarding=1\n" });
    gateway.run("put /etc/hostname.enc0 0640 root", { input: "up\n" });
    gateway.run("ike iked", { input: "set fragmentation\n" });
    gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
    const sum = createHash("sha256").update("up\n").digest("hex");
    const { files, sysctls } = state();
    expect(files).toContain(`${sum} 0640 /etc/hostname.enc0`);
    expect(files?.map((line) => line.split(" ")[2])).toEqual([
      "/etc/hostname.enc0",
      "/etc/iked.conf",
      "/etc/iked/_globals.conf",
      "/etc/iked/west.conf",
      "/etc/rc.conf.local",
      "/etc/sysctl.conf",
    ]);
    expect(sysctls).toEqual(["net.inet.ip.forwarding=1"]);
  });

  test("distinguishes tunnels that are up, down and disabled, of the active daemon only", () => {
    gateway.run("services", { input: IKED_ON });
    gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
    gateway.run("tunnel put iked east", { input: ikedTunnel({ name: "east" }) });
    gateway.run("tunnel put iked south disabled", { input: ikedTunnel({ name: "south" }) });
    gateway.run("tunnel down east");
    gateway.write("etc/ipsec/stale.conf", isakmpdTunnel({}));
    expect(state()).toMatchObject({
      services: expect.arrayContaining(["iked on running", "isakmpd off stopped"]) as string[],
      tunnels: ["east iked down", "south iked disabled", "west iked up"],
      ike: [expect.stringContaining("FQDN/west.example.net")],
    });
  });

  test("asks isakmpd through its FIFO", () => {
    gateway.run("services", { input: ISAKMPD_ON });
    gateway.run("tunnel put isakmpd west", { input: isakmpdTunnel({}) });
    expect(state()).toMatchObject({
      services: expect.arrayContaining(["iked off stopped", "isakmpd on running -K"]) as string[],
      ike: expect.arrayContaining([
        "SA name: peer-198.51.100.11-local-10.10.0.2 (Phase 1/Initiator)",
        "SA name: from-10.10.0.0/24-to-10.20.0.0/24 (Phase 2)",
      ]) as string[],
    });
  });

  test("gives the ports of flows as numbers, by the services of the gateway", () => {
    const flow = (proto: string, ports: [string, string]) =>
      `flow esp out proto ${proto} from 10.0.0.0/24 port ${ports[0]} to 10.1.0.0/24 port ${ports[1]} peer 192.0.2.1 srcid port ssh dstid FQDN/b type require`;
    gateway.write("etc/services", "#\nssh\t\t22/tcp\nisakmp\t500/udp\t\t# IKE\nwww 80/tcp http\n");
    gateway.fakeFile(
      "flows",
      `${flow("tcp", ["ssh", "www"])}\n${flow("udp", ["isakmp", "4711"])}\n`,
    );
    expect(state().flows?.slice(0, 2)).toEqual([
      flow("tcp", ["22", "80"]),
      flow("udp", ["500", "4711"]),
    ]);
  });

  test("lists the interfaces that tunnels are routed into and their routes, and of no others", () => {
    expect(state().sec).toEqual([]);
    const head = "sec0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400";
    const route = "10.20.1/24         169.254.10.1       UGS        1       24     -     8 sec0 ";
    gateway.fakeFile("ifconfig.sec", `${head}\n`);
    gateway.fakeFile("routes", `${route.replace("sec0", "vio0")}\n${route}\n`);
    expect(state().sec).toEqual([head, route.trimEnd()]);
    const gre = [head, route].map((line) => line.replace("sec0", "gre1"));
    gateway.fakeFile("ifconfig.gre", `${gre[0]}\n`);
    gateway.fakeFile("routes", `${gre[1]}\n`);
    expect(state().sec).toEqual([head, gre[0], gre[1]?.trimEnd()]);
  });

  test("distinguishes loaded rules from those of the file", () => {
    const rules = 'ext = "vio0"\ntable <peers> const { 192.0.2.1 }\nblock log all\n';
    gateway.write("etc/pf.conf", rules);
    gateway.fakeFile("pf", "block log all\n");
    const [loaded, file] = state().rules ?? [];
    expect(loaded?.replace("loaded", "file")).toBe(file);
    gateway.fakeFile("pf", "block log all\npass\n");
    expect(state().rules?.[0]).not.toBe(loaded);
    gateway.run("pf load 30", { input: "pass\n" });
    expect(state().rules).toContainEqual(expect.stringMatching(/^pf trial \d+$/));
  });

  test("changes nothing", () => {
    gateway.calls();
    state();
    expect(
      gateway.calls().filter((call) => !/^(rcctl (get|check)|.* -[srnq]|sysctl)/.test(call)),
    ).toEqual([]);
    expect(gateway.list("var/run")).toEqual([]);
  });
});
