/** What an SA of phase 1 is called until it is done (sa.c). */
export const UNNAMED = "<unnamed>";

/** What a phase 2 protects, as its name says it (ipsecctl ike.c ike_setup_ids). */
export interface IsakmpdPair {
  /** As ipsec.conf has them: with NAT the translated address, and a host with or without its prefix. */
  readonly from: string;
  readonly to: string;
  /** Numbers; absent: every protocol, every port. */
  readonly protocol?: number | undefined;
  readonly fromPort?: number | undefined;
  readonly toPort?: number | undefined;
}

/** An SA of isakmpd, from /var/run/isakmpd.result after the FIFO command `S`. */
export interface IsakmpdSa {
  /** `peer-ADDRESS-local-ADDRESS`, or `from-NET-to-NET`, as ipsecctl named it; or {@link UNNAMED}. */
  readonly name: string;
  readonly phase: 1 | 2;
  /** Absent: a phase 1, or that of an interface, whose name is `from-secN-to-secN`. */
  readonly pair?: IsakmpdPair | undefined;
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  /** Of phase 2: both directions, eight hexadecimal digits without 0x. */
  readonly spis: readonly string[];
  /** Seconds from the beginning to the end, if it ends by time. */
  readonly lifetime?: number | undefined;
  /** Seconds until it ends. */
  readonly remaining?: number | undefined;
}

// Forms: isakmpd sa.c sa_dump_all, report_lifetimes, report_spi; udp.c udp_decode_ids.
const NAME = /^SA name: (.+) \(Phase ([12])(?:\/\w+)?\)\s*$/;
const ENDS = /^src: (\S+) dst: (\S+)\s*$/;
// A blank follows each four bytes.
const SPI = /^SPI \d+: ([0-9a-f]{8})\s*$/;
const LIFETIME = /^Lifetime: (\d{1,12}) seconds\s*$/;
const HARD = /^Hard timeout in (\d{1,12}) seconds\s*$/;
const SIDE = String.raw`([0-9a-fA-F.:]+(?:/\d{1,3})?)(?:=(\d{1,3})(?::(\d{1,5}))?)?`;
const PAIR = new RegExp(`^from-${SIDE}-to-${SIDE}$`);

/** Every SA of the text; what is not an SA is passed over. */
export function parseIsakmpdResult(text: string): IsakmpdSa[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const rows = block.split("\n");
    const [, name, phase] = first(rows, NAME);
    if (name === undefined) return [];
    const [, source, destination] = first(rows, ENDS);
    return [
      {
        name,
        phase: phase === "1" ? 1 : 2,
        pair: pairOf(name),
        source,
        destination,
        spis: rows.flatMap((row) => SPI.exec(row)?.[1] ?? []),
        lifetime: number(first(rows, LIFETIME)[1]),
        remaining: number(first(rows, HARD)[1]),
      },
    ];
  });
}

function pairOf(name: string): IsakmpdPair | undefined {
  const [, from, protocol, fromPort, to, , toPort] = PAIR.exec(name) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const numbers = { protocol, fromPort, toPort };
  return {
    from,
    to,
    ...Object.fromEntries(
      Object.entries(numbers).flatMap(([key, digits]) =>
        digits === undefined ? [] : [[key, Number(digits)]],
      ),
    ),
  };
}

function first(rows: readonly string[], form: RegExp): (string | undefined)[] {
  for (const row of rows) {
    const fields = form.exec(row);
    if (fields) return [...fields];
  }
  return [];
}

function number(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
