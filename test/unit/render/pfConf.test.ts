import fc from "fast-check";
import { remoteNetworks } from "../../../config/pairs";
import type { StackConfig } from "../../../config/schema";
import { selectors } from "../../../config/selectors";
import { pfConf } from "../../../render/pfConf";
import { load, values, type Values, west } from "../support/stack";

/** Any declaration of the usual form: up to six tunnels of several networks, NATed or not. */
const declaration: fc.Arbitrary<Values> = fc
  .record({
    tunnels: fc.array(
      fc.record({
        locals: fc.integer({ min: 1, max: 3 }),
        remotes: fc.integer({ min: 1, max: 3 }),
        enabled: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
    behindNat: fc.boolean(),
    port: fc.integer({ min: 1, max: 1023 }),
  })
  .map(({ tunnels, behindNat, port }) => ({
    ...values(),
    admin: { networks: ["10.10.0.254/32"], port },
    network: { ...(values().network as Values), behindNat },
    tunnels: tunnels.map(({ locals, remotes, enabled }, i) => ({
      ...west(),
      name: `t${i}`,
      peer: `198.51.100.${i + 10}`,
      remoteId: `t${i}.example.net`,
      local: Array.from({ length: locals }, (_, j) => `10.10.${j}.0/24`),
      remote: Array.from({ length: remotes }, (_, j) => `10.${i + 20}.${j}.0/24`),
      enabled,
    })),
  }));

function holdsFor(check: (config: StackConfig, rules: string[]) => void): void {
  fc.assert(
    fc.property(declaration, (all) => {
      const { config } = load(all);
      const rules = pfConf(config).split("\n");
      check(
        config,
        rules.filter((rule) => rule !== "" && !rule.startsWith("#")),
      );
    }),
  );
}

function entries(rules: string[], table: string): string[] {
  const line = rules.find((rule) => rule.startsWith(`table <${table}> `)) ?? "";
  return (/\{ (.*) \}/.exec(line)?.[1] ?? "").split(", ").filter((entry) => entry !== "");
}

it("guards every remote network, of disabled tunnels too, before anything may pass it", () => {
  holdsFor(({ tunnels }, rules) => {
    expect(entries(rules, "remote_nets")).toEqual(tunnels.flatMap(remoteNetworks));
    if (tunnels.length === 0) return;
    const guard = rules.indexOf("block return out log quick on $ext from any to <remote_nets>");
    const spoof = rules.indexOf("block drop in log quick on $ext from <remote_nets> to any");
    const before = rules.slice(0, Math.min(guard, spoof)).filter((rule) => rule.startsWith("pass"));
    expect([guard, spoof]).not.toContain(-1);
    for (const rule of before) {
      expect(rule).toMatch(/^pass (in|out) quick on \$ext proto (udp|esp) .*<vpn_peers>/);
    }
  });
});

it("speaks IKE and ESP with the peers of enabled tunnels only, and ESP only without a NAT", () => {
  holdsFor(({ network, tunnels }, rules) => {
    const enabled = tunnels.filter((tunnel) => tunnel.enabled);
    expect(entries(rules, "vpn_peers")).toEqual(enabled.map(({ peer }) => peer));
    const ike = rules.filter((rule) => /\b4500\b|proto esp/.test(rule) && rule.startsWith("pass"));
    for (const rule of ike) expect(rule).toContain("<vpn_peers>");
    expect(ike).toHaveLength(enabled.length === 0 ? 0 : network.behindNat ? 2 : 4);
  });
});

it("starts with everything blocked, filters enc0, and binds its states to it", () => {
  holdsFor((_config, rules) => {
    const first = rules.findIndex((rule) => /^(pass|block)/.test(rule));
    expect(rules[first]).toBe("block log all");
    expect(rules.filter((rule) => rule.startsWith("set skip"))).toEqual(["set skip on lo"]);
    for (const rule of rules.filter((one) => /^pass .*on enc0/.test(one))) {
      expect(rule).toMatch(/ keep state \(if-bound\)$/);
    }
  });
});

it("lets a tunnel's own networks out of that tunnel, and nothing else", () => {
  holdsFor(({ tunnels }, rules) => {
    const expected = tunnels
      .filter((tunnel) => tunnel.enabled)
      .flatMap((tunnel) =>
        selectors(tunnel).map(
          ({ from, to }) => `from ${to} to ${from} tagged "vpn-${tunnel.name}"`,
        ),
      );
    const inward = rules.filter((rule) => rule.startsWith("pass in on enc0"));
    expect(inward).toEqual(expected.map((rule) => `pass in on enc0 ${rule} keep state (if-bound)`));
    for (const rule of expected) expect(rules).toContain(`pass out on $ext ${rule}`);
  });
});

it("opens SSH to the admins, on their port, and names no table it has not filled", () => {
  holdsFor(({ admin }, rules) => {
    const tcp = rules.filter((rule) => /^pass in .*proto tcp/.test(rule));
    expect(tcp).toEqual([
      `pass in quick on $ext proto tcp from <admin_nets> to ($ext) port ${admin.port}`,
    ]);
    const used = new Set(rules.flatMap((rule) => rule.match(/<\w+>/g) ?? []));
    for (const name of used) expect(entries(rules, name.slice(1, -1))).not.toEqual([]);
  });
});

it("clamps to what is declared, and IPv6 by the longer header less", () => {
  const network = { ...(values().network as Values), maxMss: 1300 };
  const six = { ...west(), local: ["2001:db8:10::/64"], remote: ["2001:db8:20::/64"] };
  const probe = undefined;
  const text = pfConf(load({ ...values(), network, tunnels: [{ ...six, probe }] }).config);
  const clamps = text.split("\n").filter((line) => line.includes("max-mss"));
  expect(clamps).toEqual([
    "match on enc0 scrub (max-mss 1300)",
    "match on enc0 inet6 scrub (max-mss 1280)",
  ]);
});
