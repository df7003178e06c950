import { z } from "zod";
import { declaredPairs } from "../config/pairs";
import {
  type Gre,
  type Group,
  type Nat,
  type Pair,
  type Phase1,
  type Phase2,
  type Sec,
  type Traffic,
  tunnelSchema,
} from "../config/schema";
import { negotiated, type Selector } from "../config/selectors";
import type { Complete, Immutable, Value } from "./types";

// A key that the configuration has and a record here has not would be lost without a word: hence each
// `satisfies`.
const declared = tunnelSchema.shape;

export const ikeVersion = z.union([z.literal(1), z.literal(2)]);

const traffic = z.object({
  protocol: declared.pairs.unwrap().element.shape.traffic.unwrap().element.shape.protocol,
  localPort: z.number().optional(),
  remotePort: z.number().optional(),
} satisfies Record<keyof Traffic, z.ZodType>);

/** Two networks that reach each other, and what alone is carried between them; absent: everything. */
const pair = z.object({
  local: z.string(),
  remote: z.string(),
  traffic: z.array(traffic).optional(),
} satisfies Record<keyof Pair, z.ZodType>);

/** One pair of networks as both ends negotiate it, seen from the gateway. */
const selector = z.object({
  local: z.string(),
  remote: z.string(),
  protocol: traffic.shape.protocol.optional(),
  localPort: z.number().optional(),
  remotePort: z.number().optional(),
} satisfies Record<keyof Traffic | "local" | "remote", z.ZodType>);

const sec = z.object({
  unit: z.number(),
  address: z.string(),
  peerAddress: z.string(),
  mtu: z.number(),
} satisfies Record<keyof Sec, z.ZodType>);

const gre = z.object({
  ...sec.shape,
  routing: declared.gre.unwrap().shape.routing,
} satisfies Record<keyof Gre, z.ZodType>);

/** The tunnels to the same networks of which it is one; of those that are proven the lowest priority carries. */
const group = z.object({
  name: z.string(),
  priority: z.number(),
} satisfies Record<keyof Group, z.ZodType>);

const phase1 = z.object({
  encryption: z.string(),
  integrity: z.string().optional(),
  prf: z.string(),
  group: z.string(),
  /** Seconds. */
  lifetime: z.number(),
} satisfies Record<keyof Phase1, z.ZodType>);

const phase2 = z.object({
  encryption: z.string(),
  integrity: z.string().optional(),
  group: z.string(),
  /** Seconds. */
  lifetime: z.number(),
  bytes: z.number().optional(),
  esn: z.boolean().optional(),
} satisfies Record<keyof Phase2, z.ZodType>);

/** Under what the peer sees a tunnel's own networks. */
export const nat = z.object({
  address: z.string().optional(),
  networks: z.array(z.object({ local: z.string(), as: z.string() })).optional(),
} satisfies Record<keyof Nat, z.ZodType>);

/** What the operator and the other side have to know of a tunnel; no secret. */
export const tunnel = z.object({
  name: z.string(),
  ikeVersion,
  peer: z.string(),
  vendor: declared.vendor.unwrap(),
  kind: declared.kind.unwrap(),
  /** Our networks and the peer's, for who only wants the lists; which of them reach each other is in `pairs`. */
  local: z.array(z.string()),
  remote: z.array(z.string()),
  /** What reaches what; what goes over the wire of it is in `selectors`. */
  pairs: z.array(pair),
  /** What the peer mirrors: NAT applied, 0/0 for kind `route`, for kind `gre` the GRE between the gateways. */
  selectors: z.array(selector),
  /** Of a tunnel for every address: the networks, none within another, that it does not take. */
  excepted: z.array(z.string()).optional(),
  /** The interface of kind `route`. */
  sec: sec.optional(),
  /** The interface of kind `gre`. */
  gre: gre.optional(),
  group: group.optional(),
  /** Under what the peer sees `local`: one address, or for each network another one. */
  nat: nat.optional(),
  localId: z.string(),
  remoteId: z.string(),
  mode: declared.mode.unwrap(),
  auth: declared.auth.unwrap(),
  /** The peer's public key, PEM, with `auth: publickey`. */
  peerKey: z.string().optional(),
  phase1,
  phase2,
  /** Further proposals that the peer may choose, after the preferred one. */
  olderPhase1: z.array(phase1).optional(),
  olderPhase2: z.array(phase2).optional(),
  pskGeneration: z.number(),
  enabled: z.boolean(),
  watchdog: z.boolean(),
  /** The source is the address that the gateway really pings from. */
  probe: z.object({ source: z.string(), target: z.string() }).optional(),
});

/**
 * As its readers see it, who go by the pairs alone. A stack that an earlier version brought up last says less:
 * without `pairs` every local network reaches every remote one.
 */
export const deployedTunnel = tunnel
  .partial({
    vendor: true,
    kind: true,
    pairs: true,
    selectors: true,
    auth: true,
    pskGeneration: true,
    watchdog: true,
  })
  .transform(({ local, remote, pairs, selectors, ...rest }) => {
    const traffic = trafficOf(selectors ?? []);
    const known = pairs ?? declaredPairs({ local, remote, ...(traffic.length > 0 && { traffic }) });
    const { kind = "policy", nat, peer } = rest;
    return {
      ...rest,
      pairs: known,
      selectors:
        selectors ?? negotiated({ pairs: known, kind, nat, peer }, undefined).map(onTheWire),
    };
  });

/** Before there were `pairs`, the kinds of traffic stood in the selectors, once for each pair. */
function trafficOf(selectors: readonly z.output<typeof selector>[]): Traffic[] {
  const kinds = selectors.flatMap(({ protocol, localPort, remotePort }): [string, Traffic][] =>
    protocol === undefined
      ? []
      : [[[protocol, localPort, remotePort].join(" "), { protocol, localPort, remotePort }]],
  );
  return [...new Map(kinds).values()];
}

/** A selector as the outputs have it. */
export function onTheWire({
  from,
  to,
  traffic: one,
}: Selector): Complete<z.output<typeof selector>> {
  return {
    local: from,
    remote: to,
    protocol: one?.protocol,
    localPort: one?.localPort,
    remotePort: one?.remotePort,
  };
}

export type TunnelDescription = Value<typeof tunnel>;
export type DeclaredTunnel = Value<typeof deployedTunnel>;
/** As any version has written it. */
export type DeployedTunnel = Immutable<z.input<typeof deployedTunnel>>;
