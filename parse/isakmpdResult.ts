/** What an SA of phase 1 is called until it is done (sa.c). */
export const UNNAMED = "<unnamed>";

/** An SA of isakmpd, from /var/run/isakmpd.result after the FIFO command `S`. */
export interface IsakmpdSa {
  /** `peer-ADDRESS-local-ADDRESS`, or `from-NET-to-NET`, as ipsecctl named it; or {@link UNNAMED}. */
  readonly name: string;
  readonly phase: 1 | 2;
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  /** Of phase 2: both directions, eight hexadecimal digits without 0x. */
  readonly spis: readonly string[];
  /** Seconds from the beginning to the end, if it ends by time. */
  readonly lifetime?: number | undefined;
  /** Seconds until it ends. */
  readonly remaining?: number | undefined;
}

// Labels: isakmpd sa.c sa_dump, sa_dump_all.
const NAME = /^SA name: (.+) \(Phase ([12])(?:\/\w+)?\)$/;
const ENDS = /^src: (\S+) dst: (\S+)$/;
const SPI = /^SPI \d+: ([0-9a-f]{8})$/;
const LIFETIME = /^Lifetime: (\d{1,12}) seconds$/;
const HARD = /^Hard timeout in (\d{1,12}) seconds$/;

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
        source,
        destination,
        spis: rows.flatMap((row) => SPI.exec(row)?.[1] ?? []),
        lifetime: number(first(rows, LIFETIME)[1]),
        remaining: number(first(rows, HARD)[1]),
      },
    ];
  });
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
