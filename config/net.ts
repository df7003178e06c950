import ipaddr from "ipaddr.js";

/** 4 or 6. */
export type Family = 4 | 6;

/** A network with its host bits cleared. */
export interface Network {
  readonly family: Family;
  /** Network address, canonical: dotted quad, or RFC 5952 for IPv6. */
  readonly address: string;
  readonly prefix: number;
  /** First and last address as numbers. */
  readonly first: bigint;
  readonly last: bigint;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Four decimal parts only: `10.1`, `0x0a.0.0.1` and `010.0.0.1` mean different things to different parsers. */
const DOTTED_QUAD = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/;
const IPV6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;

function parse(text: string): Address | undefined {
  if (DOTTED_QUAD.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return ipaddr.IPv4.parse(text);
  }
  if (IPV6.test(text) && ipaddr.IPv6.isValid(text)) {
    return ipaddr.IPv6.parse(text);
  }
  return undefined;
}

function print(address: Address): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

function familyOf(address: Address): Family {
  return address.kind() === "ipv4" ? 4 : 6;
}

/** Canonical text of an IPv4 or IPv6 address without prefix or zone, or undefined if it is none. */
export function parseAddress(text: string): string | undefined {
  const address = parse(text);
  return address && print(address);
}

/** Family of an address or of a network in CIDR notation, or undefined if it is neither. */
export function family(text: string): Family | undefined {
  const address = parse(text.replace(/\/.*$/, ""));
  return address && familyOf(address);
}

/**
 * The network that `ADDRESS/PREFIX` lies in, or undefined if the text is not of that form. Host
 * bits may be set: compare with {@link formatNetwork} to find out.
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const address = slash < 0 ? undefined : parse(text.slice(0, slash));
  const prefixText = text.slice(slash + 1);
  if (!address || !PREFIX.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  const bytes = address.toByteArray();
  const hostBits = BigInt(bytes.length * 8 - prefix);
  if (hostBits < 0n) return undefined;
  const first = (toBigInt(bytes) >> hostBits) << hostBits;
  return {
    family: familyOf(address),
    address: print(ipaddr.fromByteArray(toBytes(first, bytes.length))),
    prefix,
    first,
    last: first + (1n << hostBits) - 1n,
  };
}

function toBigInt(bytes: readonly number[]): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function toBytes(number: bigint, length: number): number[] {
  return Array.from({ length }, (_, i) => Number((number >> BigInt((length - 1 - i) * 8)) & 0xffn));
}

/** `ADDRESS/PREFIX`, always with the prefix, also for a single host. */
export function formatNetwork(network: Network): string {
  return `${network.address}/${network.prefix}`;
}

/** The address part of `ADDRESS/PREFIX`: 10.10.0.2 of 10.10.0.2/24. */
export function addressOf(cidr: string): string {
  return cidr.replace(/\/.*$/, "");
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: Network, inner: Network): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** Whether the two networks share an address. CIDR blocks nest or are disjoint, nothing between. */
export function overlap(a: Network, b: Network): boolean {
  return contains(a, b) || contains(b, a);
}

/** A network, or the one of just this address where no prefix is written. */
export function networkOrHost(text: string): Network | undefined {
  return text.includes("/") ? parseNetwork(text) : hostNetwork(text);
}

/** The address of this number. */
export function numberedAddress(number: bigint, of: Family): string {
  return print(ipaddr.fromByteArray(toBytes(number, of === 4 ? 4 : 16)));
}

/** The network of just this address, or undefined if the text is no address. */
export function hostNetwork(address: string): Network | undefined {
  const parsed = parse(address);
  return parsed && parseNetwork(`${address}/${parsed.kind() === "ipv4" ? 32 : 128}`);
}

/** Whether the address lies in one of the networks (CIDR); what does not parse is not counted. */
export function inside(address: string, networks: readonly string[]): boolean {
  const host = hostNetwork(address);
  return (
    host !== undefined &&
    networks.some((text) => {
      const network = parseNetwork(text);
      return network !== undefined && contains(network, host);
    })
  );
}
