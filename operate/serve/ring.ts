/** One look at a tunnel. NaN is "not known". */
export interface Sample {
  /** Seconds since 1970. */
  readonly at: number;
  /** Bytes per second. */
  readonly inRate: number;
  readonly outRate: number;
  /** Index in STATES. */
  readonly state: number;
}

/** The last `capacity` samples in memory that never grows. */
export class Ring {
  private readonly at: Float64Array;
  private readonly rates: Float32Array;
  private readonly states: Uint8Array;
  private written = 0;

  constructor(private readonly capacity: number) {
    this.at = new Float64Array(capacity);
    this.rates = new Float32Array(2 * capacity);
    this.states = new Uint8Array(capacity);
  }

  push({ at, inRate, outRate, state }: Sample): void {
    const slot = this.written++ % this.capacity;
    this.at[slot] = at;
    this.rates[2 * slot] = inRate;
    this.rates[2 * slot + 1] = outRate;
    this.states[slot] = state;
  }

  /** Oldest first, at most the newest `count`. */
  last(count: number): Sample[] {
    const kept = Math.min(this.written, this.capacity, count);
    return Array.from({ length: kept }, (_, index) => {
      const slot = (this.written - kept + index) % this.capacity;
      return {
        at: this.at[slot] ?? NaN,
        inRate: this.rates[2 * slot] ?? NaN,
        outRate: this.rates[2 * slot + 1] ?? NaN,
        state: this.states[slot] ?? 0,
      };
    });
  }
}
