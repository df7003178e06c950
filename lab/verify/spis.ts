/**
 * SPIs of the ESP SAs with a peer, sorted, from `gwctl state`: its section `sas` is the
 * output of `ipsecctl -s sa` (ipsecctl(8)): `esp tunnel from A to B spi 0x… …`.
 */
export function spisWith(peer: string, state: string): string[] {
  const lines = state.matchAll(/^esp (?:tunnel|transport) from (\S+) to (\S+) spi (0x[0-9a-f]+)/gm);
  return [...lines]
    .filter(([, from, to]) => from === peer || to === peer)
    .map(([, , , spi = ""]) => spi)
    .sort();
}
