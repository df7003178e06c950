import { hostnameArm, hostnameEnc0, hostnameTunnel } from "../../../render/hostnameIf";
import type { TunnelInterface } from "../../../config/tunnelInterface";
import { netstart } from "./support/netstart";

const driver = { driver: "sec", name: "sec3" } as const;
const four = {
  ...driver,
  unit: 3,
  address: "169.254.10.2/30",
  peerAddress: "169.254.10.1",
  mtu: 1400,
};
const six = { ...driver, unit: 3, address: "fd00:10::2/64", peerAddress: "fd00:10::1", mtu: 1300 };
const pairs = ["10.20.1.0/24", "2001:db8:20::/64"].map((remote) => ({ local: "", remote }));
const west = { name: "west", peer: "198.51.100.11", enabled: true, pairs };

const file = (own: TunnelInterface, tunnel: Parameters<typeof hostnameTunnel>[1]): string =>
  hostnameTunnel(own, tunnel, "203.0.113.2");

describe("what netstart(8) makes of the interface of a route-based tunnel", () => {
  it("sets both IPv4 addresses, the MTU and the routes", () => {
    expect(netstart("sec3", file(four, west))).toEqual([
      "ifconfig sec3 inet 169.254.10.2/30 169.254.10.1",
      "ifconfig sec3 mtu 1400",
      "ifconfig sec3 up",
      "route -qn add -inet 10.20.1.0/24 169.254.10.1",
    ]);
  });

  it("sets the IPv6 address with its network, in which the peer's lies", () => {
    expect(netstart("sec3", file(six, west))).toEqual([
      "ifconfig sec3 inet6 fd00:10::2 prefixlen 64",
      "ifconfig sec3 mtu 1300",
      "ifconfig sec3 up",
      "route -qn add -inet6 2001:db8:20::/64 fd00:10::1",
    ]);
  });

  it("gives the routes of a group the tunnel's priority, after a line for gwctl", () => {
    const text = file(four, { ...west, group: { name: "cloud", priority: 2 } });
    expect(text).toMatch(/^# gwctl group cloud 2 west\n/);
    expect(netstart("sec3", text).at(-1)).toBe(
      "route -qn add -priority 9 -inet 10.20.1.0/24 169.254.10.1",
    );
  });

  it("has no routes while the tunnel is disabled, as another one may lead there", () => {
    const off = { ...west, enabled: false, group: { name: "cloud", priority: 1 } };
    expect(file(four, off)).not.toMatch(/route|group/);
  });

  it("sets up GRE between the two gateways before anything enters it", () => {
    const gre = { ...four, driver: "gre", name: "gre3" } as const;
    expect(netstart("gre3", file(gre, west))).toEqual([
      "ifconfig gre3 tunnel 203.0.113.2 198.51.100.11",
      "ifconfig gre3 inet 169.254.10.2/30 169.254.10.1",
      "ifconfig gre3 mtu 1400",
      "ifconfig gre3 up",
      "route -qn add -inet 10.20.1.0/24 169.254.10.1",
    ]);
  });

  it("brings enc0 up, and loads the packet filter's further rules where there are any", () => {
    expect(
      netstart("enc0", hostnameEnc0({ network: { gateway: "10.10.0.1" }, tunnels: [] } as never)),
    ).toEqual([
      "ifconfig enc0 up",
      "[ ! -f /etc/pf.user.conf ] || pfctl -a user -f /etc/pf.user.conf",
    ]);
  });
});

describe("what netstart(8) makes of enc0", () => {
  const enc0 = (gateway: string, ...tunnels: object[]) =>
    netstart("enc0", hostnameEnc0({ network: { gateway }, tunnels } as never)).slice(2);
  const policy = (remote: string, also = {}) => ({
    ...{ name: "x", enabled: true, pairs: [{ local: "", remote }], ...also },
  });

  it("has a route that leads nowhere for networks behind flows which the default router is not for", () => {
    const [v4, v6] = [policy("10.20.1.0/24"), policy("fd00:20::/64")];
    expect(enc0("10.10.0.1", v4)).toEqual([]);
    expect(enc0("10.10.0.1", v4, v6, v6)).toEqual([
      "route -qn add -priority 62 -inet6 default ::1 -reject",
    ]);
    expect(enc0("2001:db8::1", v6, v4)).toEqual([
      "route -qn add -priority 62 -inet default 127.0.0.1 -reject",
    ]);
    expect(enc0("2001:db8::1", v6)).toEqual([]);
    expect(enc0("10.10.0.1", policy("fd00:20::/64", { sec: six }))).toEqual([]);
    expect(enc0("10.10.0.1", policy("fd00:20::/64", { enabled: false }))).toEqual([]);
  });
});

describe("what netstart(8) makes of an arm", () => {
  const arm = { name: "dmz", path: "", side: "inside", interface: "vio1", aliases: [] } as const;

  it("sets the address as the installer has it, and each further one as a host's", () => {
    const text = hostnameArm({ ...arm, address: "10.30.0.1/22", aliases: ["10.30.0.9"] });
    expect(text).toMatch(/^inet 10\.30\.0\.1 0xfffffc00\n/);
    expect(netstart("vio1", text)).toEqual([
      "ifconfig vio1 inet 10.30.0.1 netmask 0xfffffc00",
      "ifconfig vio1 inet alias 10.30.0.9 netmask 0xffffffff",
    ]);
  });

  it("sets IPv6 addresses with their prefixes", () => {
    const text = hostnameArm({ ...arm, address: "2001:db8::1/64", aliases: ["2001:db8::2"] });
    expect(netstart("vio1", text)).toEqual([
      "ifconfig vio1 inet6 2001:db8::1 prefixlen 64",
      "ifconfig vio1 inet6 alias 2001:db8::2 prefixlen 128",
    ]);
  });

  it("sets a VLAN's tag and parent before its address, and what only carries VLANs up", () => {
    const vlan = { ...arm, address: "10.30.0.1/24", vlan: { tag: 20, parent: "vio1" } };
    expect(netstart("vlan20", hostnameArm(vlan))).toEqual([
      "ifconfig vlan20 vnetid 20 parent vio1",
      "ifconfig vlan20 inet 10.30.0.1 netmask 0xffffff00",
      "ifconfig vlan20 up",
    ]);
    expect(netstart("vio1", hostnameArm(arm))).toEqual(["ifconfig vio1 up"]);
  });
});
