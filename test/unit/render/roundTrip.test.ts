import fc from "fast-check";
import { typedIdentity } from "../../../config/identity";
import type { Daemon, Tunnel } from "../../../config/schema";
import { selectors } from "../../../config/selectors";
import { type Flow, parseIkedConf } from "../../../parse/ikedConf";
import { parseIpsecConf } from "../../../parse/ipsecConf";
import { tunnelFile } from "../../../render/tunnelFile";
import { load, type Values, values } from "../support/stack";
import { declaredTunnel } from "./support/declarations";

const PSK = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";

/** The daemons' words that are not the names of the declaration, by hand from the manual pages. */
const NAMES: Readonly<Record<string, string>> = {
  "3des-cbc": "3des",
  cast: "cast128",
  bp224: "brainpool224",
  bp256: "brainpool256",
  bp384: "brainpool384",
  bp512: "brainpool512",
  "ipv6-icmp": "icmp6",
};
const named = (word: string | undefined) =>
  word === undefined ? undefined : (NAMES[word] ?? word);

interface Meaning {
  readonly mode: string;
  readonly local: string | undefined;
  readonly peer: string | undefined;
  readonly ids: readonly (string | undefined)[];
  readonly phase1: Values;
  readonly phase2: Values;
  readonly interface: string | undefined;
  readonly selectors: readonly string[];
  readonly psk: string | undefined;
  readonly tag: string | undefined;
}

type End = Flow["from"];

/** One protected pair: its networks, the address it is shown as, protocol and ports. */
function pair(from: End, to: End, proto: string | undefined): string {
  const seenAs = from.nat === undefined ? "" : ` as ${from.spec}`;
  const ends = `${from.nat ?? from.spec}:${from.port ?? "*"}${seenAs} ${to.spec}:${to.port ?? "*"}`;
  return `${named(proto) ?? "all"} ${ends}`;
}

function declared(daemon: Daemon, tunnel: Tunnel): Meaning {
  const { mode, peer, localId, remoteId, phase1, phase2, sec, nat, name } = tunnel;
  const width = (address: string) => (address.includes(":") ? 128 : 32);
  // ipsecctl makes a subnet of a /32, and isakmpd would not know an address for the same.
  const spec = (network: string) =>
    daemon === "isakmpd" ? network.replace(`/${width(network)}`, "") : network;
  const shownAs = (from: string) => {
    const address = nat?.address;
    const one = address === undefined ? undefined : `${address}/${width(address)}`;
    const as = one ?? nat?.networks?.find(({ local }) => local === from)?.as;
    return as === undefined ? "" : ` as ${spec(as)}`;
  };
  return {
    mode,
    local: "10.10.0.2",
    peer,
    ids: [localId, remoteId],
    phase1: { ...phase1, ...(daemon === "isakmpd" ? { integrity: undefined } : {}) },
    phase2,
    interface: sec ? `sec${sec.unit}` : undefined,
    selectors: sec
      ? []
      : selectors(tunnel)
          .map(({ from, to, traffic: t }) => {
            const [own, far] = [spec(from), spec(to)];
            const ends = `${own}:${t?.localPort ?? "*"}${shownAs(from)} ${far}:${t?.remotePort ?? "*"}`;
            return `${t?.protocol ?? "all"} ${ends}`;
          })
          .sort(),
    psk: PSK,
    tag: sec && daemon === "isakmpd" ? undefined : `vpn-${name}`,
  };
}

function readIked(text: string): Meaning {
  const { policies, notUnderstood, settings } = parseIkedConf({ file: "f", text });
  expect([notUnderstood, settings]).toEqual([[], []]);
  const [policy, more] = policies;
  if (!policy || more) throw new Error("not one policy");
  const [ike, child] = [policy.ikesa[0], policy.childsa[0]];
  const routed = policy.iface !== undefined;
  const protos = policy.protos.length === 0 ? [undefined] : policy.protos;
  const all = policy.flows.flatMap(({ from, to }) => protos.map((proto) => pair(from, to, proto)));
  if (routed) expect(all[0]).toMatch(/^all (0\.0\.0\.0\/0|::\/0):\* \1:\*$/);
  if (routed) expect(all).toHaveLength(1);
  return {
    mode: policy.mode,
    local: policy.local,
    peer: policy.peer,
    ids: [policy.srcid, policy.dstid],
    phase1: {
      encryption: named(ike?.enc[0]),
      integrity: ike?.auth[0],
      prf: ike?.prf[0],
      group: named(ike?.group[0]),
      lifetime: policy.ikelifetime,
    },
    phase2: {
      encryption: named(child?.enc[0]),
      integrity: child?.auth[0],
      group: named(child?.group[0]),
      lifetime: policy.lifetime,
      bytes: policy.bytes,
      esn: child?.esn[0] === undefined ? undefined : child.esn[0] === "esn",
    },
    interface: policy.iface,
    selectors: routed ? [] : all.sort(),
    psk: policy.authentication.method === "psk" ? policy.authentication.secret : undefined,
    tag: policy.tag,
  };
}

function readIsakmpd(text: string): Meaning {
  const { rules, others, notUnderstood } = parseIpsecConf({ file: "f", text });
  expect([others, notUnderstood]).toEqual([[], []]);
  const meanings = rules.map((rule): Meaning => ({
    mode: rule.mode,
    local: rule.local,
    peer: rule.peer,
    ids: [rule.srcid, rule.dstid],
    phase1: {
      encryption: named(rule.phase1.enc),
      prf: rule.phase1.auth,
      group: named(rule.phase1.group),
      lifetime: rule.phase1.lifetime,
    },
    phase2: {
      encryption: named(rule.phase2.enc),
      integrity: rule.phase2.auth,
      group: named(rule.phase2.group),
      lifetime: rule.phase2.lifetime,
    },
    interface: rule.interface,
    selectors: [],
    psk: rule.psk,
    tag: rule.tag,
  }));
  // Every rule of a tunnel says the same but for its networks.
  for (const meaning of meanings) expect(meaning).toEqual(meanings[0]);
  const [first] = meanings;
  if (!first) throw new Error("no rule");
  const all = rules.flatMap(({ from, to, proto }) =>
    from.flatMap((one) => to.map((other) => pair(one, other, proto))),
  );
  return { ...first, selectors: all.sort() };
}

const read = { iked: readIked, isakmpd: readIsakmpd };

describe.each(["iked", "isakmpd"] as const)("%s", (daemon) => {
  it("reads back what was declared, whatever was declared", () => {
    fc.assert(
      fc.property(declaredTunnel(daemon), (tunnel) => {
        const { config } = load({ ...values(), ike: { daemon }, tunnels: [tunnel] });
        const [complete] = config.tunnels;
        if (!complete) throw new Error("no tunnel");
        const text = tunnelFile(config, complete, PSK);
        expect(read[daemon](text)).toEqual(declared(daemon, complete));
        expect(text).toContain(`# gwctl dstid ${typedIdentity(complete.remoteId)}\n`);
      }),
      { numRuns: 300 },
    );
  });
});

it("keeps every name that isakmpd's FIFO carries within its 200 characters", () => {
  fc.assert(
    fc.property(declaredTunnel("isakmpd"), (tunnel) => {
      const { config } = load({ ...values(), ike: { daemon: "isakmpd" }, tunnels: [tunnel] });
      const longest = selectors(config.tunnels[0] ?? { pairs: [] })
        .map(({ from, to }) => `phase2-transform-from-${from}=58:65535-to-${to}=58:65535`.length)
        .reduce((most, length) => Math.max(most, length), 0);
      expect(longest + "-AES_GCM_16256-SHA2_512-BRAINPOOL_512-TUNNEL".length).toBeLessThan(200);
    }),
  );
});
