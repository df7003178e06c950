import fc from "fast-check";

/** A network as bits, written without the code under test. */
export interface BitNetwork {
  readonly bits: string;
  readonly prefix: number;
}

export function bitNetwork(width: 32 | 128): fc.Arbitrary<BitNetwork> {
  return fc
    .tuple(
      fc.array(fc.constantFrom("0", "1"), { minLength: width, maxLength: width }),
      fc.integer({ min: 0, max: width }),
    )
    .map(([bits, prefix]) => ({ bits: bits.join(""), prefix }));
}

/** Two networks, related often enough that nesting is met. */
export function bitNetworks(width: 32 | 128): fc.Arbitrary<[BitNetwork, BitNetwork]> {
  return fc
    .tuple(bitNetwork(width), bitNetwork(width), fc.integer({ min: 0, max: width }))
    .map(([a, b, shared]) => [
      a,
      { bits: a.bits.slice(0, shared) + b.bits.slice(shared), prefix: b.prefix },
    ]);
}

export function address({ bits }: BitNetwork): string {
  const size = bits.length === 32 ? 8 : 16;
  const groups = bits.match(new RegExp(`.{${size}}`, "g")) ?? [];
  return bits.length === 32
    ? groups.map((group) => parseInt(group, 2)).join(".")
    : groups.map((group) => parseInt(group, 2).toString(16)).join(":");
}

export function cidr(network: BitNetwork): string {
  return `${address(network)}/${network.prefix}`;
}

export function holds(outer: BitNetwork, inner: BitNetwork): boolean {
  const known = outer.bits.slice(0, outer.prefix);
  return inner.prefix >= outer.prefix && inner.bits.startsWith(known);
}
