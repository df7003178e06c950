import { addressOf, hostNetwork, inside as isInside } from "./net";
import type { NetworkConfig } from "./schema";

/** One interface of the gateway's own, and the network on it. */
export interface Arm {
  /** First part of its step's name; an address may move to another interface (carp(4)), and the name stays. */
  readonly name: string;
  /** Where it stands in the configuration. */
  readonly path: string;
  readonly side: "outside" | "inside";
  readonly interface: string;
  /** With the prefix of its network; undefined: it carries VLANs only. */
  readonly address?: string | undefined;
  readonly aliases: readonly string[];
  readonly vlan?: { readonly tag: number; readonly parent: string } | undefined;
  readonly bridge?: string | undefined;
  readonly mac?: string | undefined;
}

type Arms = Pick<NetworkConfig, "interface" | "address" | "aliases" | "outside" | "inside">;

/** Whether the gateway stands between its networks, and not in one of them. */
export function isTwoArmed({ outside, inside }: Arms): boolean {
  return outside !== undefined || inside.length > 0;
}

const FIRST = "first";

/** Whether it is the interface that the installer sets up and the stack connects to. */
export function isFirst({ name }: Pick<Arm, "name">): boolean {
  return name === FIRST;
}

/** The first interface, the outside, and the others. */
export function armsOf(network: Arms): Arm[] {
  const { outside } = network;
  const first: Arm = {
    name: FIRST,
    path: "network",
    side: outside ? "inside" : "outside",
    interface: network.interface,
    address: network.address,
    aliases: network.aliases,
  };
  return [
    first,
    ...(outside
      ? [{ ...outside, name: "outside", path: "network.outside", side: "outside" } as const]
      : []),
    ...network.inside.map((arm, index): Arm => ({
      ...arm,
      path: `network.inside[${index}]`,
      side: "inside",
    })),
  ];
}

/** With the prefix of its network: where the peers' packets arrive, and IKE is spoken from. */
export function outsideAddress({ address, outside }: Arms): string {
  return outside?.address ?? address;
}

export function outsideInterface(network: Arms): string {
  return network.outside?.interface ?? network.interface;
}

/** Every address of the gateway's own, without prefixes: those of the first arm first. */
export function ownAddresses(network: Arms): string[] {
  return armsOf(network).flatMap(({ address, aliases }) => [
    ...(address === undefined ? [] : [addressOf(address)]),
    ...aliases,
  ]);
}

/** The arms that are network cards, in the order in which OpenBSD numbers them. */
export function networkCards(network: Arms): Arm[] {
  return armsOf(network)
    .filter(({ vlan }) => vlan === undefined)
    .sort((a, b) => unit(a) - unit(b));
}

const unit = (arm: Arm): number => Number(/\d+$/.exec(arm.interface)?.[0] ?? 0);

/**
 * The gateway's address that a host of its own side sends to: the one in the host's network, else the first
 * inside; with one arm the only one.
 */
export function nextHop(network: Arms, host: string): string {
  const inner = armsOf(network).flatMap(({ side, address }) =>
    address !== undefined && (side === "inside" || !isTwoArmed(network)) ? [address] : [],
  );
  const near = hostNetwork(host) && inner.find((address) => isInside(host, [address]));
  return addressOf(near ?? inner[0] ?? network.address);
}
