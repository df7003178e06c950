import { isDistinguishedName } from "../identity";
import { shownNetwork, type Translation } from "../nat";
import { addressOf, family, parseAddress, parseNetwork } from "../net";
import { ANY_PEER, fixedAddress } from "../peer";
import { type Paired, products, remoteNetworks } from "../pairs";
import type { Gre, Group, Phase1, Phase2, Sec, Traffic, Tunnel } from "../schema";
import { isRouted } from "../tunnelInterface";

/** What is negotiated of one pair of networks, seen from the gateway. */
export interface PeerSelector {
  readonly local: string;
  readonly remote: string;
  readonly protocol?: Traffic["protocol"] | undefined;
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

/** What of a tunnel the other end has to know. */
export interface PeerTunnel
  extends
    Paired,
    Readonly<Pick<Tunnel, "name" | "peer" | "kind" | "localId" | "remoteId" | "mode" | "auth">> {
  readonly ikeVersion: 1 | 2;
  readonly selectors: readonly PeerSelector[];
  readonly sec?: Sec | undefined;
  readonly gre?:
    (Omit<Gre, "routing"> & { readonly routing?: Readonly<Gre["routing"]> }) | undefined;
  readonly group?: Group | undefined;
  readonly nat?: Translation;
  /** What the peer is to be configured with; the gateway may take older proposals as well. */
  readonly phase1: Phase1;
  readonly phase2: Phase2;
}

/** A tunnel as its other end has to configure it. */
export interface PeerInput {
  readonly tunnel: PeerTunnel;
  readonly gateway: {
    readonly name: string;
    readonly publicAddress: string;
    /** Seconds without a sign of life before the gateway asks the peer. */
    readonly deadPeerSeconds: number;
  };
  /** The key, which the device takes by its form of keys, or what stands in its place in angle brackets. */
  readonly psk: string;
  /** The gateway's own public key, PEM, of a tunnel with `auth: publickey`. */
  readonly publicKey?: string | undefined;
  /** The authorities of certificates, PEM, of a tunnel with `auth: certificate`. */
  readonly authorities?: string | undefined;
  /** The device's certificate, PEM, where the authority that the stack keeps has signed it. */
  readonly certificate?: string | undefined;
}

/** One pair of networks seen from the other end: `own` is theirs, `far` is the gateway's. */
export interface MirroredPair {
  readonly own: string;
  readonly far: string;
  readonly protocol?: Traffic["protocol"] | undefined;
  readonly ownPort?: number | undefined;
  readonly farPort?: number | undefined;
}

export function mirroredPairs({ tunnel }: PeerInput): MirroredPair[] {
  return tunnel.selectors.map(({ local, remote, protocol, localPort, remotePort }) => ({
    own: remote,
    far: local,
    protocol,
    ownPort: remotePort,
    farPort: localPort,
  }));
}

/** The gateway's networks as the other end sees them, which a NAT into the tunnel changes. */
export function farNetworks({ tunnel }: PeerInput): string[] {
  return [...new Set(shownPairs(tunnel).map(({ local }) => local))];
}

/** What is negotiated; where routes lead into an interface, the pairs are what is let through. */
function shownPairs(tunnel: PeerTunnel): Paired["pairs"] {
  const { pairs, nat, selectors } = tunnel;
  if (!isRouted(tunnel)) return selectors;
  return pairs.map((pair) => ({ ...pair, local: shownNetwork(nat, pair.local) }));
}

/** The other end's own networks. */
export function ownNetworks({ tunnel }: PeerInput): string[] {
  return remoteNetworks(tunnel);
}

/** Networks of the two ends that all reach each other, seen from the other end. */
export interface MirroredProduct {
  readonly own: readonly string[];
  readonly far: readonly string[];
}

/** What its filters and its NAT have to let through: each group's own networks reach all its far ones. */
export function mirroredProducts(input: PeerInput): MirroredProduct[] {
  return products({ pairs: shownPairs(input.tunnel) }).map(({ local, remote }) => ({
    own: remote,
    far: local,
  }));
}

/** Of an IKEv2 child SA the two ends agree on lists of networks; which of them reach each other is not said. */
export function pairsNote(input: PeerInput): string[] {
  if (input.tunnel.ikeVersion === 1 || mirroredProducts(input).length < 2) return [];
  return [
    "One child SA has all networks. The gateway carries these pairs only, and drops any other:",
    ...mirroredPairs(input).map(({ own, far }) => `  ${own} here with ${far}`),
  ];
}

/**
 * How an identity is written: an address, a host name, or a user at one.
 * @throws RangeError for a distinguished name; rule GW143 has refused it before
 */
export function identityKind(identity: string): "address" | "user" | "name" {
  if (isDistinguishedName(identity)) throw new RangeError(`${identity}: is a distinguished name`);
  if (parseAddress(identity) !== undefined) return "address";
  return identity.includes("@") ? "user" : "name";
}

export function netmask(network: string): string {
  return dotted(maskBits(network));
}

export function wildcard(network: string): string {
  return dotted(~maskBits(network) >>> 0);
}

export function networkAddress(network: string): string {
  return parseNetwork(network)?.address ?? addressOf(network);
}

export function isIpv6(text: string): boolean {
  return family(text) === 6;
}

function maskBits(network: string): number {
  const prefix = parseNetwork(network)?.prefix ?? 32;
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

function dotted(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
}

/** What the first lines of every file say, without the vendor's comment mark. */
export function about(input: PeerInput, title: string, ...more: string[]): string[] {
  const { tunnel, gateway } = input;
  const version = `IKEv${tunnel.ikeVersion}`;
  return [
    `${title}: the other end of tunnel ${tunnel.name} of gateway ${gateway.name} (${version}).`,
    `This device ${addressText(tunnel)}, the gateway is ${gateway.publicAddress}.`,
    ...more,
  ];
}

function addressText({ peer }: PeerTunnel): string {
  return peer === ANY_PEER ? "may have any address" : `is ${peer}`;
}

/** Which of the device's interfaces is meant. */
export function outsideInterface({ tunnel: { peer } }: PeerInput): string {
  const address = fixedAddress(peer);
  return address === undefined
    ? "the interface towards the Internet"
    : `the interface that has ${address}`;
}

/** Joins the parts with line feeds, each of them a line or a list of lines. */
export function text(...parts: readonly (string | readonly string[])[]): string {
  return parts
    .flat()
    .map((line) => `${line}\n`)
    .join("");
}

/** The lines with the vendor's comment mark before each. */
export function comment(mark: string, ...lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? mark : `${mark} ${line}`));
}
