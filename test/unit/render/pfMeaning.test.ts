import fc from "fast-check";
import { family } from "../../../config/net";
import { fixedAddresses } from "../../../config/peer";
import { localNetworks, remoteNetworks } from "../../../config/pairs";
import type { StackConfig, Traffic, Tunnel } from "../../../config/schema";
import { selectors } from "../../../config/selectors";
import { tunnelInterface } from "../../../config/tunnelInterface";
import { pfConf } from "../../../render/pfConf";
import { daemonsOf, topologies, topology } from "../../golden/topologies";
import { load, type Values, values } from "../support/stack";
import { declaredTunnel } from "./support/declarations";
import { decide, decision, type Own, type Packet, translated } from "./support/pfDecision";
import { parsePf, type Rule, type Ruleset } from "./support/pfRules";

interface Meaning {
  readonly admins: readonly string[];
  readonly sshPort: string;
  readonly peers: readonly string[];
  readonly plainEsp: boolean;
  readonly local: readonly string[];
  readonly remote: readonly string[];
  /** What may come out of each tunnel, and go out translated. */
  readonly inward: readonly string[];
  readonly translated: readonly string[];
  readonly mss: readonly string[];
}

const sorted = (all: readonly string[]) => [...new Set(all)].sort();
const clear = (tunnel: Tunnel) => tunnelInterface(tunnel)?.name ?? "enc0";

function declared({ admin, network, tunnels }: StackConfig): Meaning {
  const enabled = tunnels.filter((tunnel) => tunnel.enabled);
  const v6 = [...tunnels.flatMap(localNetworks), network.address, ...admin.networks].some(
    (one) => family(one) === 6,
  );
  const pairs = (end: (tunnel: Tunnel, from: string) => string | undefined) =>
    enabled.flatMap((tunnel) =>
      selectors(tunnel).flatMap(({ from, to, traffic: t }) => {
        const what = `${t?.protocol ?? "all"} ${to}:${t?.remotePort ?? "*"}`;
        const shown = end(tunnel, from);
        return shown === undefined
          ? []
          : [`${clear(tunnel)} ${what} ${from}:${t?.localPort ?? "*"} ${shown}`];
      }),
    );
  const clamps = [
    ["enc0", network.maxMss, network.maxMss - 20] as const,
    ...enabled.flatMap((one) => {
      const own = tunnelInterface(one);
      return own ? [[own.name, own.mtu - 40, own.mtu - 60] as const] : [];
    }),
  ];
  const ends = `${network.address.split("/")[0] ?? ""}:*`;
  const gre = enabled
    .filter(({ kind }) => kind === "gre")
    .map(({ peer, name }) => `enc0 gre ${peer}:* ${ends} vpn-${name}`);
  return {
    admins: sorted(admin.networks),
    sshPort: String(admin.port),
    peers: sorted(fixedAddresses(enabled)),
    plainEsp: enabled.length > 0 && !network.behindNat,
    local: sorted(tunnels.flatMap(localNetworks)),
    remote: sorted(tunnels.flatMap(remoteNetworks)),
    inward: sorted([
      ...pairs(({ nat, name }) => (nat?.address === undefined ? `vpn-${name}` : undefined)),
      ...gre,
    ]),
    translated: sorted(
      pairs(({ nat }, from) => {
        const mapped = nat?.networks?.find(({ local }) => local === from)?.as;
        if (mapped !== undefined) return `as ${mapped} host by host`;
        return nat?.address === undefined ? undefined : `as ${nat.address}`;
      }),
    ),
    mss: sorted(
      clamps.flatMap(([on, inet, inet6]) => [
        `${on} ${inet}`,
        ...(v6 ? [`${on} inet6 ${inet6}`] : []),
      ]),
    ),
  };
}

function read({ rules, tables }: Ruleset): Meaning {
  const entries = (name: string) => sorted(tables.get(name) ?? []);
  const pair = ({ on, protocols, from, to }: Rule, remoteFirst: boolean, what: string) => {
    const [far, near] = remoteFirst ? [from, to] : [to, from];
    const ends = [far, near].map(({ hosts, ports }) => `${hosts[0] ?? "any"}:${ports[0] ?? "*"}`);
    return `${on[0] ?? ""} ${protocols[0] ?? "all"} ${ends.join(" ")} ${what}`;
  };
  const ssh = rules.filter(({ from }) => from.hosts.includes("<admin_nets>"));
  return {
    admins: entries("<admin_nets>"),
    sshPort: ssh.flatMap(({ to }) => to.ports).join(" "),
    peers: entries("<vpn_peers>"),
    plainEsp: rules.some(({ protocols }) => protocols.includes("esp")),
    local: entries("<local_nets>"),
    remote: entries("<remote_nets>"),
    inward: sorted(
      rules
        .filter(({ action, direction }) => action === "pass" && direction === "in")
        .filter(({ on }) => !on.includes("vio0"))
        .flatMap((rule) => {
          const tag = rule.tag ?? rule.tagged;
          return tag === undefined ? [] : [pair(rule, true, tag)];
        }),
    ),
    translated: sorted(
      rules.flatMap((rule) =>
        rule.natTo === undefined
          ? []
          : [pair(rule, false, `as ${rule.natTo}${rule.bitmask ? " host by host" : ""}`)],
      ),
    ),
    mss: sorted(
      rules.flatMap(({ on, family: inet, maxMss }) =>
        maxMss === undefined ? [] : [[on[0], inet, maxMss].filter(Boolean).join(" ")],
      ),
    ),
  };
}

function withTunnel(tunnel: Values, behindNat: boolean): StackConfig {
  const base = values();
  const network = { ...(base.network as Values), behindNat };
  const other = { ...(base.tunnels as Values[])[1], name: "zz-other", remoteId: "zz.example.net" };
  return load({ ...base, network, tunnels: [tunnel, other] }).config;
}

const holdsFor = (check: (config: StackConfig, rules: Ruleset) => void) => {
  const all = fc.tuple(declaredTunnel("iked"), fc.boolean());
  fc.assert(
    fc.property(all, ([tunnel, behindNat]) => {
      const config = withTunnel(tunnel, behindNat);
      check(config, parsePf(pfConf(config)));
    }),
    { numRuns: 100 },
  );
};

it("reads back what was declared, whatever was declared", () => {
  holdsFor((config, rules) => {
    expect(read(rules)).toEqual(declared(config));
  });
});

it.each(Object.keys(topologies))("reads topology %s back", (name) => {
  const config = topology(name, daemonsOf(name)[0] ?? "iked");
  expect(read(parsePf(pfConf(config)))).toEqual(declared(config));
});

it("refuses what is not in the grammar, or reading back would prove nothing", () => {
  for (const line of ["pass in quick log on vio0", "pass on vio0 keep state", "permit all"]) {
    expect(() => parsePf(line)).toThrow(/not in the grammar/);
  }
});

/** The machine of the declarations: its own address, and those on its tunnels' interfaces. */
function ownOf({ network, tunnels }: StackConfig): Own {
  const inner = tunnels.flatMap((one) => {
    const own = tunnelInterface(one);
    return own ? [[own.name, own.address] as const] : [];
  });
  const all = [["vio0", network.address] as const, ...inner];
  return Object.fromEntries(all.map(([name, cidr]) => [name, cidr.split("/")[0] ?? ""]));
}

const hostIn = (network: string): string => {
  const [address = "", prefix] = network.split("/");
  if (prefix === "32" || prefix === "128") return address;
  return address.includes(":") ? `${address}7` : address.replace(/0$/, "7");
};

/** A packet of each protocol from a host behind the tunnel to one here, with ports that nobody declared. */
function arrivals(tunnel: Tunnel): Packet[] {
  return arrivalsBetween(tunnel).map(({ packet }) => packet);
}

/** Between any two networks of its sides, also such that are no pair. */
function arrivalsBetween(tunnel: Tunnel) {
  const [locals, remotes] = [localNetworks(tunnel), remoteNetworks(tunnel)];
  const pairs = locals.flatMap((to) => remotes.map((from) => ({ from, to })));
  return pairs
    .filter(({ from, to }) => family(from) === family(to))
    .flatMap(({ from, to }) =>
      ["tcp", "udp", "gre", family(from) === 6 ? "icmp6" : "icmp"].map((protocol) => {
        const ends = { from: hostIn(from), to: hostIn(to), fromPort: 0, toPort: 0 };
        const packet: Packet = { direction: "in", on: clear(tunnel), protocol, ...ends };
        return { local: to, remote: from, packet };
      }),
    );
}

/** Packets that the ruleset decides otherwise than they expect. */
function wrong(config: StackConfig, rules: Ruleset, expected: [Packet, "pass" | "block"][]) {
  const own = ownOf(config);
  return expected.filter(([packet, verdict]) => decide(rules, own, packet) !== verdict);
}

/** On enc0 the SA's tag tells whose packet it is: without one it is nobody's. */
function untagged(tunnel: Tunnel, packet: Packet): [Packet, "block"][] {
  if (clear(tunnel) !== "enc0") return [];
  return [
    [packet, "block"],
    [{ ...packet, tag: "vpn-nobody" }, "block"],
  ];
}

it("lets out of a tunnel what its selectors say, with its own tag, and nothing else", () => {
  holdsFor((config, rules) => {
    const expected = config.tunnels.flatMap((tunnel) =>
      arrivalsBetween(tunnel).flatMap(({ local, remote, packet }): [Packet, "pass" | "block"][] => {
        const pair = tunnel.pairs.find((one) => one.local === local && one.remote === remote);
        const everything: Traffic[] = [{ protocol: packet.protocol as Traffic["protocol"] }];
        const fits = (pair ? (pair.traffic ?? everything) : []).filter(
          ({ protocol }) => protocol === packet.protocol,
        );
        const open = fits.some(
          ({ localPort: a, remotePort: b }) => a === undefined && b === undefined,
        );
        const passes = tunnel.nat?.address === undefined ? "pass" : "block";
        // What a route-based tunnel carries gets its tag only here.
        const tagged = clear(tunnel) !== "enc0" ? packet : { ...packet, tag: `vpn-${tunnel.name}` };
        return [
          [tagged, open ? passes : "block"],
          ...fits.map(({ localPort: toPort = 0, remotePort: fromPort = 0 }) => {
            return [{ ...tagged, fromPort, toPort }, passes] as [Packet, "pass" | "block"];
          }),
          ...untagged(tunnel, packet),
        ];
      }),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(wrong(config, rules, expected)).toEqual([]);
  });
});

it("lets nothing of remote networks in or out in clear, and no host to the gateway without need", () => {
  holdsFor((config, rules) => {
    const me = ownOf(config).vio0 ?? "";
    const stranger = "203.0.113.77";
    const on = { on: "vio0", fromPort: 40000 };
    const arrives = { ...on, direction: "in", to: me } as const;
    const inClear = config.tunnels
      .flatMap(arrivals)
      .flatMap(({ from, to, protocol }) =>
        [22, 53, 443, 4500].flatMap((toPort): [Packet, "block"][] => [
          [{ ...on, direction: "in", protocol, toPort, from, to }, "block"],
          [{ ...on, direction: "out", protocol, toPort, from: to, to: from }, "block"],
          ...(family(from) === 4
            ? [
                [{ ...on, direction: "out", protocol, toPort, from: me, to: from }, "block"] as [
                  Packet,
                  "block",
                ],
              ]
            : []),
        ]),
      );
    const plainEsp = config.network.behindNat ? "block" : "pass";
    const ike = { ...arrives, protocol: "udp", toPort: 4500 };
    const ssh = { ...arrives, protocol: "tcp", toPort: 22 };
    const https = { protocol: "tcp", toPort: 443 };
    const expected: [Packet, "pass" | "block"][] = [
      ...inClear,
      ...config.tunnels.flatMap(({ peer }): [Packet, "pass" | "block"][] => [
        [{ ...ike, from: peer }, "pass"],
        [{ ...arrives, protocol: "esp", from: peer }, plainEsp],
        [{ ...ssh, from: peer }, "block"],
      ]),
      [{ ...ike, from: stranger }, "block"],
      [{ ...arrives, protocol: "esp", from: stranger }, "block"],
      [{ ...ssh, from: "10.10.0.254" }, "pass"],
      [{ ...ssh, from: "10.10.0.253" }, "block"],
      [{ ...on, ...https, direction: "out", from: me, to: stranger }, "pass"],
      [{ ...arrives, ...https, from: stranger }, "block"],
    ];
    expect(wrong(config, rules, expected)).toEqual([]);
  });
});

describe("while a peer may have any address", () => {
  const stranger = "203.0.113.77";
  const decided = (name: string) => {
    const config = topology(name, "iked");
    const rules = parsePf(pfConf(config));
    const me = ownOf(config).vio0 ?? "";
    const on = { on: "vio0", fromPort: 40000, toPort: 0 };
    const comes = { ...on, direction: "in", from: stranger, to: me } as const;
    const goes = { ...on, direction: "out", from: me, to: stranger } as const;
    return (packet: Partial<Packet>, direction: "comes" | "goes" = "comes") =>
      decide(rules, ownOf(config), {
        ...(direction === "comes" ? comes : goes),
        protocol: "udp",
        ...packet,
      });
  };

  it.each([
    ["any-peer", "block"],
    ["any-peers-only", "pass"],
  ])("IKE passes in both directions, and nothing else does: %s", (name, plainEsp) => {
    const verdict = decided(name);
    expect(verdict({ toPort: 500 })).toBe("pass");
    expect(verdict({ toPort: 4500 })).toBe("pass");
    expect(verdict({ fromPort: 4500, toPort: 61000 }, "goes")).toBe("pass");
    expect(verdict({ toPort: 4500 }, "goes")).toBe("block");
    expect(verdict({ protocol: "esp" })).toBe(plainEsp);
    expect(verdict({ toPort: 161 })).toBe("block");
    expect(verdict({ protocol: "tcp", toPort: 22 })).toBe("block");
    expect(verdict({ toPort: 4500, to: "10.10.0.7" })).toBe("block");
  });

  it("a stranger's states are limited, and a known peer's are not", () => {
    const { rules } = parsePf(pfConf(topology("any-peer", "iked")));
    const ike = rules.filter(({ direction, to }) => direction === "in" && to.ports.includes("500"));
    expect(ike.map(({ from, max, maxPerSource }) => [from.hosts, max, maxPerSource])).toEqual([
      [["<vpn_peers>"], undefined, undefined],
      [[], 3000, 32],
    ]);
  });

  it("it is in the last resort too, and only while such a tunnel is enabled", () => {
    const text = pfConf(topology("any-peer", "iked"));
    expect(text).toMatch(/^# gwctl last pass in quick on \$ext proto udp from any to/m);
    for (const name of ["nated", "only-disabled"]) {
      expect(pfConf(topology(name, "iked"))).not.toContain("from any to ($ext) port { 500");
    }
    const config = topology("any-peer", "iked");
    const tunnels = config.tunnels.map((one) => ({ ...one, enabled: one.peer !== "any" }));
    expect(pfConf({ ...config, tunnels })).not.toContain("from any to ($ext) port { 500");
  });
});

describe("of networks within a wider tunnel's", () => {
  const decided = (name: string, packet: Partial<Packet>) => {
    const config = topology(name, "iked");
    const between = { from: "10.20.1.7", to: "10.10.0.7", fromPort: 443, toPort: 50000 };
    const whole = { direction: "in", on: "enc0", protocol: "tcp", ...between, ...packet } as const;
    return decide(parsePf(pfConf(config)), ownOf(config), whole);
  };

  it("a packet passes in by the nearer tunnel only, also while that one is down", () => {
    expect(decided("nested", { tag: "vpn-west" })).toBe("pass");
    expect(decided("nested", { tag: "vpn-east" })).toBe("block");
    expect(decided("nested", { tag: "vpn-east", from: "10.20.7.7" })).toBe("pass");
    // What the nearer tunnel does not carry is the wider one's.
    expect(decided("nested", { tag: "vpn-east", fromPort: 80 })).toBe("pass");
  });

  it("an interface of the wider tunnel takes none of their packets", () => {
    const out = { direction: "out", from: "10.10.0.7", to: "10.20.1.7" } as const;
    expect(decided("nested-routed", { on: "sec0" })).toBe("block");
    expect(decided("nested-routed", { on: "sec0", from: "10.20.7.7" })).toBe("pass");
    expect(decided("nested-routed", { ...out, on: "sec0" })).toBe("block");
    expect(decided("nested-routed", { ...out, on: "sec0", to: "10.20.7.7" })).toBe("pass");
    expect(decided("nested-routed", { tag: "vpn-west" })).toBe("pass");
  });
});

describe("of a tunnel of kind gre", () => {
  const config = topology("gre-only", "iked");
  const rules = parsePf(pfConf(config));
  const [outer, inner] = [
    { on: "enc0", fromPort: 0, toPort: 0 },
    { on: "gre3", fromPort: 40000 },
  ];
  const comes = { direction: "in", from: "198.51.100.11", to: "10.10.0.2" } as const;
  const goes = { direction: "out", from: "10.10.0.2", to: "198.51.100.11" } as const;
  const verdict = (packet: Packet) => decide(rules, ownOf(config), packet);

  it("GRE passes between the two gateways where it came or goes in ESP", () => {
    expect(verdict({ ...outer, ...comes, protocol: "gre", tag: "vpn-west" })).toBe("pass");
    expect(verdict({ ...outer, ...goes, protocol: "gre" })).toBe("pass");
    expect(verdict({ ...outer, ...comes, protocol: "gre" })).toBe("block");
    expect(verdict({ ...outer, ...comes, protocol: "gre", tag: "vpn-east" })).toBe("block");
    expect(verdict({ ...outer, ...comes, protocol: "tcp", tag: "vpn-west" })).toBe("block");
    expect(verdict({ ...outer, ...goes, protocol: "gre", to: "198.51.100.12" })).toBe("block");
  });

  it.each(["198.51.100.11", "198.51.100.12"])(
    "GRE never passes in clear, nor that of a disabled tunnel, whatever the stack's further rules say: %s",
    (peer) => {
      const further = parsePf(`${pfConf(config)}\npass on vio0 proto gre`);
      const clear = { on: "vio0", protocol: "gre", fromPort: 0, toPort: 0 } as const;
      for (const packet of [
        { ...clear, direction: "in", from: peer, to: "10.10.0.2" },
        { ...clear, direction: "out", from: "10.10.0.2", to: peer },
      ] as const) {
        expect(decide(further, ownOf(config), packet)).toBe("block");
      }
    },
  );

  it("the two ends may speak the routing protocols that are declared, and nothing else", () => {
    const ends = { from: "10.255.0.2", to: "10.255.0.1" };
    const into = { ...inner, direction: "in", ...ends } as const;
    expect(verdict({ ...into, protocol: "tcp", toPort: 179 })).toBe("pass");
    expect(verdict({ ...into, protocol: "tcp", toPort: 22 })).toBe("block");
    expect(verdict({ ...into, protocol: "ospf", toPort: 0, to: "224.0.0.5" })).toBe("pass");
    const out = { ...inner, direction: "out", from: "10.255.0.1", to: "224.0.0.5" } as const;
    expect(verdict({ ...out, protocol: "ospf", toPort: 0 })).toBe("pass");
    expect(verdict({ ...out, protocol: "udp", toPort: 520 })).toBe("block");
    const [silent, own] = [topology("gre", "iked"), { ...into, on: "gre0" }];
    const without = parsePf(pfConf(silent));
    expect(decide(without, ownOf(silent), { ...own, protocol: "tcp", toPort: 179 })).toBe("block");
    expect(decide(without, ownOf(silent), { ...own, protocol: "ospf", toPort: 0 })).toBe("block");
  });
});

it("binds every state on a tunnel's side to its interface, where alone packets are translated", () => {
  holdsFor((_config, { rules }) => {
    const inside = rules.filter(({ on }) => on.some((name) => /^(enc0|sec\d+|gre\d+)$/.test(name)));
    expect(inside.filter(({ action, ifBound }) => action === "pass" && !ifBound)).toEqual([]);
    for (const rule of rules.filter(({ rdrTo }) => rdrTo !== undefined)) {
      expect(rule).toMatchObject({ direction: "in", action: "match", bitmask: true });
    }
    for (const rule of rules.filter(({ natTo }) => natTo !== undefined)) {
      expect(rule.bitmask).toBe(rule.natTo?.includes("/"));
      expect(rule).toMatchObject({ direction: "out", action: "match" });
      expect(rule.on).not.toContain("vio0");
      expect([rule.from.hosts.length, rule.to.hosts.length]).toEqual([1, 1]);
    }
  });
});

describe("of networks that a peer sees as others", () => {
  const config = topology("nat-networks", "iked");
  const rules = parsePf(pfConf(config));
  const between = { from: "10.20.1.9", fromPort: 50000, toPort: 443, protocol: "tcp" };
  const comes = { direction: "in", on: "enc0", tag: "vpn-west", ...between } as const;
  const verdict = (packet: Partial<Packet>) =>
    decide(rules, ownOf(config), { ...comes, to: "10.99.0.7", ...packet });
  const becomes = (packet: Packet) => decision(rules, ownOf(config), packet).packet;

  it("each host is another one of its own, in both directions", () => {
    const goes = { ...comes, direction: "out", from: "10.10.0.7", to: "10.20.1.9" } as const;
    expect(becomes(goes)).toMatchObject({ from: "10.99.0.7", to: "10.20.1.9", fromPort: 50000 });
    expect(becomes({ ...comes, to: "10.99.0.7" })).toMatchObject({ to: "10.10.0.7" });
    expect(becomes({ ...comes, to: "10.99.1.8" })).toMatchObject({ to: "10.11.0.8" });
  });

  it("a host is reached by its other address, through its own tunnel only", () => {
    expect(verdict({})).toBe("pass");
    expect(verdict({ to: "10.99.1.8" })).toBe("pass");
    expect(verdict({ tag: "vpn-east" })).toBe("block");
    expect(verdict({ from: "10.20.9.9" })).toBe("block");
  });

  it("the gateway's own services are closed under its other address too", () => {
    expect(verdict({ to: "10.99.0.2", toPort: 22 })).toBe("block");
    expect(verdict({ to: "10.99.0.2", protocol: "icmp", toPort: 0 })).toBe("pass");
  });
});

it("lets a translated packet keep the port that was negotiated", () => {
  holdsFor((_config, { rules }) => {
    for (const rule of rules.filter(({ natTo, from }) => natTo && from.ports.length > 0)) {
      const fromPort = Number(rule.from.ports[0]);
      const packet = { direction: "out", on: "enc0", protocol: "tcp", from: "", to: "" } as const;
      expect(translated({ ...packet, fromPort }, rule).fromPort).toBe(fromPort);
    }
  });
});

it("has a last resort in its comments: the administrators' SSH, the peers' IKE, and nothing else", () => {
  holdsFor((config) => {
    const lines = pfConf(config).split("\n");
    const last = lines.flatMap((line) => /^# gwctl last (.*)$/.exec(line)?.[1] ?? []);
    const rules = parsePf(last.join("\n"));
    const to = ownOf(config).vio0 ?? "";
    const arrives = { direction: "in", on: "vio0", fromPort: 40000, to } as const;
    const leaves = { direction: "out", on: "vio0", from: to, fromPort: 500, toPort: 500 } as const;
    const plainEsp = config.network.behindNat ? "block" : "pass";
    const expected: [Packet, "pass" | "block"][] = [
      [{ ...arrives, protocol: "tcp", toPort: 22, from: "10.10.0.254" }, "pass"],
      [{ ...arrives, protocol: "tcp", toPort: 22, from: "10.10.0.253" }, "block"],
      [{ ...arrives, protocol: "tcp", toPort: 443, from: "10.10.0.254" }, "block"],
      ...config.tunnels.flatMap(({ peer }): [Packet, "pass" | "block"][] => [
        [{ ...arrives, protocol: "udp", toPort: 500, from: peer }, "pass"],
        [{ ...leaves, protocol: "udp", to: peer }, "pass"],
        [{ ...arrives, protocol: "esp", from: peer }, plainEsp],
        [{ ...arrives, protocol: "tcp", toPort: 22, from: peer }, "block"],
      ]),
      ...config.tunnels.flatMap(arrivals).map((packet): [Packet, "block"] => [packet, "block"]),
      [{ ...leaves, protocol: "tcp", toPort: 443, to: "203.0.113.77" }, "block"],
    ];
    expect(wrong(config, rules, expected)).toEqual([]);
  });
});
