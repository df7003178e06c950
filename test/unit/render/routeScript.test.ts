import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Route } from "../../../contract/perimeter";
import { routeName, routesFor } from "../../../render/perimeter/routes";
import { routeScript } from "../../../render/perimeter/routeScript";
import { configOf } from "../support/stack";
import { describeWith } from "../support/tools";
import { Box } from "./support/box";
import { buildFaces, OpenbsdBox } from "./support/openbsdBox";

const route: Route = { machine: "gw-test", network: "10.20.0.0/16", via: "10.10.0.2" };
const v6: Route = { machine: "gw-test", network: "2001:db8:20::/48", via: "2001:db8:10::2" };
const OFFICE = [
  "ip link add eth0 type veth peer name far",
  "ip link set eth0 up && ip link set far up",
  "ip addr add 10.10.0.100/24 dev eth0",
  "ip addr add 2001:db8:10::100/64 dev eth0 nodad",
  "ip route add default via 10.10.0.1",
];

describe("the routes of a host", () => {
  const networks = (wanted: true | string[], changes = {}) =>
    routesFor(configOf(changes), wanted).map(({ network }) => network);

  it("are the enabled tunnels' remote networks, each once and as declared", () => {
    expect(networks(true)).toEqual(["10.20.1.0/24", "10.20.2.0/24"]);
    expect(networks(true, { "tunnels.1.enabled": false })).toEqual(["10.20.1.0/24"]);
  });

  it("are the aggregates that are asked for, as long as one tunnel needs them", () => {
    const aggregate = ["10.20.0.0/16"];
    expect(networks(aggregate)).toEqual(aggregate);
    expect(networks(aggregate, { "tunnels.1.enabled": false })).toEqual(aggregate);
    const none = { "tunnels.0.enabled": false, "tunnels.1.enabled": false };
    expect(networks(aggregate, none)).toEqual([]);
    expect(networks(["10.20.1.0/24"], { "tunnels.0.enabled": false })).toEqual([]);
  });

  it("have names that a resource and a file can have", () => {
    expect([routeName(route), routeName(v6)]).toEqual([
      "route-10.20.0.0-16",
      "route-2001_db8_20__-48",
    ]);
  });
});

describeWith("ip")("a route on a Linux host", () => {
  let box: Box;
  beforeEach(() => {
    box = new Box(OFFICE);
  });
  afterEach(() => {
    box.close();
  });
  const table = () => box.ok("ip route; ip -6 route show 2001:db8:20::/48");
  const state = (one = route) => box.script(routeScript("files", one), "state").trim();
  const apply = (one = route) => box.script(routeScript("files", one), "apply");
  const remove = (one = route) => box.script(routeScript("files", one), "remove");

  it("comes, stays the same, follows the gateway, and goes without a trace", () => {
    const before = table();
    expect(state()).toMatch(/^missing\t/);
    apply();
    apply();
    expect(table()).toContain("10.20.0.0/16 via 10.10.0.2 dev eth0");
    expect(state()).toBe("present");
    apply({ ...route, via: "10.10.0.3" });
    expect(table()).toContain("10.20.0.0/16 via 10.10.0.3 dev eth0");
    remove({ ...route, via: "10.10.0.3" });
    remove();
    expect(table()).toBe(before);
    expect(box.ok("ls /etc/network/if-up.d")).toBe("");
    expect(box.has("openbsd-ipsec-gateway")).toBe(false);
  });

  it("never takes another's route for its own because the disk was full", () => {
    box.ok("ip route add 10.20.0.0/16 via 10.10.0.77");
    box.ok("mkdir -p /etc/openbsd-ipsec-gateway/routes");
    box.ok(": >/etc/openbsd-ipsec-gateway/routes/gw-test.route-10.20.0.0-16");
    remove();
    expect(table()).toContain("via 10.10.0.77");
    box.ok("ip route del 10.20.0.0/16");
    let ended: number | null = 1;
    for (let pages = 0; ended !== 0; pages += 1) {
      ended = box.onFullDisk(routeScript("files", route), "apply", pages).status;
      expect(pages).toBeLessThan(50);
    }
    expect(state()).toBe("present");
  });

  it("works with IPv6", () => {
    apply(v6);
    expect(table()).toContain("2001:db8:20::/48 via 2001:db8:10::2 dev eth0");
    expect(state(v6)).toBe("present");
    remove(v6);
    expect(table()).not.toContain("2001:db8:20::/48");
  });

  it.each([
    ["elsewhere", "ip route add 10.20.0.0/16 via 10.10.0.77"],
    ["to the same gateway, by hand", "ip route add 10.20.0.0/16 via 10.10.0.2"],
    ["into nowhere", "ip route add blackhole 10.20.0.0/16"],
  ])("never replaces one that leads %s, and names it", (_what, add) => {
    box.ok(add);
    const before = table();
    expect(box.refusal(routeScript("files", route))).toMatch(
      /^files route-10\.20\.0\.0-16: this host has a route of its own to 10\.20\.0\.0\/16 \(.+\): remove it/,
    );
    expect(state()).toMatch(/^foreign\t/);
    remove();
    expect(table()).toBe(before);
  });

  it("is not removed where it was changed by hand", () => {
    apply();
    box.ok("ip route replace 10.20.0.0/16 via 10.10.0.77");
    expect(state()).toMatch(/^foreign\t10\.20\.0\.0\/16 via 10\.10\.0\.77/);
    remove();
    expect(table()).toContain("via 10.10.0.77");
  });

  it("needs the gateway as its next hop", () => {
    expect(box.refusal(routeScript("files", { ...route, via: "192.0.2.1" }))).toMatch(
      /the gateway 192\.0\.2\.1 is not on a network of this host/,
    );
  });

  it("is set again when ifupdown brings its interface up, and for no other one", () => {
    apply();
    box.ok("ip route del 10.20.0.0/16");
    box.ok("for hook in /etc/network/if-up.d/*; do IFACE=eth1 $hook; done");
    expect(state()).toMatch(/^missing\t/);
    box.ok("for hook in /etc/network/if-up.d/*; do IFACE=eth0 $hook; done");
    expect(state()).toBe("present");
  });

  it.each([
    ["systemd-networkd", "/etc/systemd/network/20-wired.network", "20-wired.network.d"],
    ["netplan", "/run/systemd/network/10-netplan-eth0.network", "10-netplan-eth0.network.d"],
  ])("is kept by a drop-in where %s configures the interface", (_what, file, directory) => {
    mkdirSync(join(box.etc, "bin"));
    const fake = join(box.etc, "bin/networkctl");
    writeFileSync(fake, `#!/bin/sh\necho '     Link File: n/a'\necho '  Network File: ${file}'\n`);
    chmodSync(fake, 0o755);
    const networked = (verb: string) =>
      box.ok(`PATH=/etc/bin:$PATH sh -s ${verb}`, routeScript("files", route)).trim();
    networked("apply");
    const path = `systemd/network/${directory}/openbsd-ipsec-gateway-gw-test-route-10.20.0.0-16.conf`;
    expect(box.file(path)).toMatch(
      /^#.*\n\[Route\]\nDestination=10\.20\.0\.0\/16\nGateway=10\.10\.0\.2\n$/,
    );
    expect(networked("state")).toBe("present");
    networked("remove");
    expect(box.has(`systemd/network/${directory}`)).toBe(false);
  });

  it("says so when nothing would set it at the next boot", () => {
    box.ok("rmdir /etc/network/if-up.d");
    expect(box.refusal(routeScript("files", route))).toMatch(
      /nothing here would set the route at boot/,
    );
  });
});

describeWith(
  "go",
  "nft",
  "ip",
  "conntrack",
)("a route on an OpenBSD host", () => {
  let faces: string;
  let box: OpenbsdBox;
  const HOSTNAME_IF = "inet 10.10.0.100 255.255.255.0\n!echo mine\n";
  beforeAll(() => {
    faces = buildFaces();
  }, 300_000);
  afterAll(() => {
    rmSync(faces, { recursive: true, force: true });
  });
  beforeEach(() => {
    box = new OpenbsdBox(faces, [
      "ip link add em0 type veth peer name far",
      "ip link set em0 up && ip link set far up",
      "ip addr add 10.10.0.100/24 dev em0",
      "ip addr add 2001:db8:10::100/64 dev em0 nodad",
    ]);
    writeFileSync(join(box.etc, "hostname.em0"), HOSTNAME_IF, { mode: 0o640 });
  });
  afterEach(() => {
    box.close();
  });
  const table = () => box.ok("route -n show -inet");
  const state = (one = route) => box.script(routeScript("files", one), "state").trim();
  const apply = (one = route) => box.script(routeScript("files", one), "apply");
  const remove = (one = route) => box.script(routeScript("files", one), "remove");

  it("comes, stays the same, follows the gateway, and goes without a trace", () => {
    const before = table();
    expect(state()).toMatch(/^missing\t/);
    apply();
    apply();
    expect(table()).toMatch(/^10\.20(\.0\.0)?\/16 +10\.10\.0\.2 /m);
    expect(state()).toBe("present");
    expect(box.file("hostname.em0")).toBe(
      `${HOSTNAME_IF}!route -qn add -inet 10.20.0.0/16 10.10.0.2 # openbsd-ipsec-gateway gw-test route-10.20.0.0-16\n`,
    );
    const moved = { ...route, via: "10.10.0.3" };
    apply(moved);
    expect(table()).toMatch(/^10\.20(\.0\.0)?\/16 +10\.10\.0\.3 /m);
    expect(box.file("hostname.em0").match(/route -qn/g)).toHaveLength(1);
    remove(moved);
    remove(moved);
    expect(table()).toBe(before);
    expect(box.file("hostname.em0")).toBe(HOSTNAME_IF);
    expect(box.ok("stat -c %a /etc/hostname.em0").trim()).toBe("640");
    expect(box.has("openbsd-ipsec-gateway")).toBe(false);
  });

  it("leaves the other lines of hostname.if where they are when the disk is full", () => {
    // More than a page: it may be cut in the middle.
    const long = `${HOSTNAME_IF}${"# what its owner wrote about this interface\n".repeat(200)}`;
    writeFileSync(join(box.etc, "hostname.em0"), long);
    const kept = new Set<string>();
    for (const verb of ["apply", "remove"] as const) {
      let ended: number | null = 1;
      for (let pages = 0; ended !== 0; pages += 1) {
        ended = box.onFullDisk(routeScript("files", route), verb, pages).status;
        kept.add(box.file("hostname.em0").replace(/^!route .*\n/m, ""));
        expect(pages).toBeLessThan(50);
      }
    }
    expect([...kept]).toEqual([long]);
    expect(box.file("hostname.em0")).toBe(long);
  });

  it("is set again by the line that it left for the boot", () => {
    apply();
    box.ok("route -qn delete -inet 10.20.0.0/16 10.10.0.2");
    expect(state()).toMatch(/^missing\t/);
    // As netstart(8) runs it.
    box.ok("sed -n 's/^!route/route/p' /etc/hostname.em0 | sh");
    expect(state()).toBe("present");
  });

  it("reads back that the line is gone", () => {
    apply();
    writeFileSync(join(box.etc, "hostname.em0"), HOSTNAME_IF);
    expect(state()).toMatch(/^unkept\t/);
  });

  it("never replaces one of another origin, and names it", () => {
    box.ok("route -qn add -inet 10.20.0.0/16 10.10.0.77");
    const before = table();
    expect(box.refusal(routeScript("files", route))).toMatch(
      /^files route-10\.20\.0\.0-16: this host has a route of its own to 10\.20\.0\.0\/16 \(.*via 10\.10\.0\.77\): remove it/,
    );
    expect(state()).toMatch(/^foreign\t/);
    remove();
    expect(table()).toBe(before);
    expect(box.file("hostname.em0")).toBe(HOSTNAME_IF);
  });

  it("asks for a hostname.if, and for the gateway as its next hop", () => {
    expect(box.refusal(routeScript("files", { ...route, via: "192.0.2.1" }))).toMatch(
      /the gateway 192\.0\.2\.1 is not on a network of this host/,
    );
    rmSync(join(box.etc, "hostname.em0"));
    expect(box.refusal(routeScript("files", route))).toMatch(/hostname\.em0 is not there/);
    expect(table()).not.toContain("10.10.0.2");
  });
});
