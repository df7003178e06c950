import { randomBytes } from "node:crypto";
import { type Forward, nftForward } from "../../../render/nftForward";
import { describeWith, run } from "../support/tools";

const udp: Forward = {
  name: "udp-500",
  machine: "gw-test",
  protocol: "udp",
  port: 500,
  outside: { interface: "ext0", address: "198.51.100.1" },
  target: "10.10.0.2",
  sources: ["198.51.100.11", "198.51.100.12", "198.51.100.11", "2001:db8::11"],
};
const esp: Forward = { ...udp, name: "esp", protocol: "esp", port: undefined };
const v6: Forward = {
  ...udp,
  name: "udp-4500",
  port: 4500,
  outside: { interface: "ext0", address: "2001:db8::1" },
  target: "2001:db8:10::2",
};

const USERS_OWN = `table ip nat {
  chain post { type nat hook postrouting priority srcnat; oifname "ext0" masquerade; }
}
`;

describeWith(
  "nft",
  "ip",
  "conntrack",
)("a forward in a firewall of its own", () => {
  const space = `gwtest-${randomBytes(4).toString("hex")}`;
  const inside = (command: string, input = "") =>
    run("ip", ["netns", "exec", space, "sh", "-c", command], input);
  const ok = (command: string, input = "") => {
    const result = inside(command, input);
    expect(result).toMatchObject({ status: 0, stderr: "" });
    return result.stdout;
  };
  const apply = (forward: Forward) => ok(nftForward(forward).load, nftForward(forward).apply);
  const listing = () => ok("nft list ruleset");

  beforeEach(() => {
    expect(run("ip", ["netns", "add", space])).toMatchObject({ status: 0, stderr: "" });
    ok("nft -f -", USERS_OWN);
  });
  afterEach(() => {
    run("ip", ["netns", "del", space]);
  });

  it("sends what the peers send to the outside address to the gateway, and nothing else", () => {
    apply(udp);
    const rule = ok("nft list chain inet openbsd-ipsec-gateway gw-test.udp-500");
    expect(rule).toContain("type nat hook prerouting priority dstnat; policy accept;");
    expect(rule).toContain(
      'iifname "ext0" ip saddr { 198.51.100.11, 198.51.100.12 } ip daddr 198.51.100.1 ' +
        'udp dport 500 dnat ip to 10.10.0.2 comment "gw-test udp-500"',
    );
  });

  it("lets a peer in that knocked before there was a forward, and keeps the flows that pass", () => {
    const flow = "-p udp -s 198.51.100.11 --sport 500 --dport 500 --timeout 60";
    inside(`conntrack -I ${flow} -d 198.51.100.1`);
    inside(`conntrack -I ${flow.replace("11", "12")} -d 198.51.100.1 --dst-nat 10.10.0.2`);
    expect(ok("conntrack -L 2>/dev/null")).toMatch(/src=198\.51\.100\.11 /);
    apply(udp);
    const flows = ok("conntrack -L 2>/dev/null");
    expect(flows).not.toMatch(/src=198\.51\.100\.11 /);
    expect(flows).toMatch(/src=198\.51\.100\.12 /);
  });

  it("handles ESP and IPv6", () => {
    apply(esp);
    apply(v6);
    expect(listing()).toContain("meta l4proto esp dnat ip to 10.10.0.2");
    expect(listing()).toMatch(
      /ip6 saddr (\{ )?2001:db8::11( \})? ip6 daddr 2001:db8::1 udp dport 4500 dnat ip6 to 2001:db8:10::2/,
    );
  });

  it("is the same after a second time, and follows a change", () => {
    apply(udp);
    const once = listing();
    apply(udp);
    expect(listing()).toBe(once);
    apply({ ...udp, sources: ["198.51.100.12"] });
    expect(listing()).not.toContain("198.51.100.11");
    expect(listing().match(/dnat ip to/g)).toHaveLength(1);
  });

  it("opens nothing when there is no peer", () => {
    apply({ ...udp, sources: [] });
    expect(listing()).not.toContain("dnat ip to");
  });

  it("goes alone, the table with the last, and the user's tables stay", () => {
    const before = listing();
    apply(udp);
    apply(esp);
    ok(nftForward(udp).remove);
    expect(listing()).not.toContain("gw-test.udp-500");
    expect(listing()).toContain("gw-test.esp");
    ok(nftForward(esp).remove);
    expect(listing()).toBe(before);
    ok(nftForward(esp).remove);
    expect(listing()).toBe(before);
  });

  it("reads back whether it is loaded", () => {
    const { readBack } = nftForward(udp);
    expect(inside(readBack).status).not.toBe(0);
    apply(udp);
    ok(readBack);
    apply({ ...udp, target: "10.10.0.22" });
    expect(inside(readBack).status).not.toBe(0);
  });
});
