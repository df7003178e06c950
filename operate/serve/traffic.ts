import type { TunnelStatus } from "../../contract/documents/status";

const FIELDS = ["bytesIn", "bytesOut", "packetsIn", "packetsOut"] as const;
type Field = (typeof FIELDS)[number];
export type Volume = Readonly<Record<Field, number>>;
const NONE: Volume = { bytesIn: 0, bytesOut: 0, packetsIn: 0, packetsOut: 0 };

/** An SA may be missing from one look and be back in the next; it must not count twice. */
const REMEMBERED = 64;

/**
 * Adds up what a tunnel carried over all its SAs. The gateway counts per SA, and
 * an SA lives for an hour or less, so its own numbers fall back to zero all the time.
 */
export class Traffic {
  private readonly seen = new Map<string, Partial<Volume>>();
  private started = false;
  private sum: Volume = NONE;

  /** Since the first look; the SAs of that look count from their own beginning. */
  get total(): Volume {
    return this.sum;
  }

  /** @returns what was carried since the last look; undefined at the first one. */
  look(tunnel: TunnelStatus): Volume | undefined {
    const carried = { ...NONE };
    for (const { childSa } of tunnel.selectors) {
      if (childSa === undefined) continue;
      const key = `${childSa.spiIn}/${childSa.spiOut}`;
      const known: Partial<Record<Field, number>> = { ...this.seen.get(key) };
      for (const field of FIELDS) {
        const now = childSa[field];
        if (now === undefined) continue;
        carried[field] += increase(known[field], now);
        known[field] = now;
      }
      this.remember(key, known);
    }
    const first = !this.started;
    this.started = true;
    this.sum = add(this.sum, carried);
    return first ? undefined : carried;
  }

  private remember(key: string, known: Partial<Volume>): void {
    this.seen.delete(key);
    this.seen.set(key, known);
    for (const oldest of this.seen.keys()) {
      if (this.seen.size <= REMEMBERED) break;
      this.seen.delete(oldest);
    }
  }
}

/** A count that fell was started anew: all of it is new. */
function increase(before: number | undefined, now: number): number {
  return before === undefined || now < before ? now : now - before;
}

function add(left: Volume, right: Volume): Volume {
  const sum = { ...NONE };
  for (const field of FIELDS) sum[field] = left[field] + right[field];
  return sum;
}
