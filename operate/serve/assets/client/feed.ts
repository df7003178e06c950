import { STALE_INTERVALS, type PageState, type TunnelLine } from "../../pageState";

/** Without an event for so many intervals, the server is taken for gone. */
const SILENT_INTERVALS = 2;
const RETRY_MS = 5000;

export interface Now {
  readonly page: PageState;
  /** Milliseconds since 1970 when the server was last heard; undefined: it is being heard. */
  readonly silentSince?: number;
}

/** Follows the server's events. What it gives is never greener than its age allows. */
export class Feed {
  private last:
    { readonly page: PageState; readonly wall: number; readonly steady: number } | undefined;
  private broken = false;

  constructor(private readonly changed: () => void) {
    this.open();
  }

  now(): Now | undefined {
    if (this.last === undefined) return undefined;
    const { page, wall, steady } = this.last;
    // The larger of two clocks: one may be set back, the other stands still while the machine sleeps.
    const passed = Math.max(0, Date.now() - wall, performance.now() - steady) / 1000;
    const aged = aging(page, passed);
    const silent = this.broken || passed > SILENT_INTERVALS * page.intervalSeconds;
    return silent ? { page: aged, silentSince: wall } : { page: aged };
  }

  private open(): void {
    const source = new EventSource("/api/events");
    source.addEventListener("state", (event: MessageEvent<string>) => {
      const page = JSON.parse(event.data) as PageState;
      this.last = { page, wall: Date.now(), steady: performance.now() };
      this.broken = false;
      this.changed();
    });
    source.addEventListener("error", () => {
      this.broken = true;
      this.changed();
      // The browser connects again by itself, unless it was refused.
      if (source.readyState === EventSource.CLOSED) void this.refused();
    });
  }

  private async refused(): Promise<void> {
    const answer = await fetch("/api/state").catch(() => undefined);
    if (answer?.status === 401) location.reload();
    setTimeout(() => {
      this.open();
    }, RETRY_MS);
  }
}

/** The same page some seconds later. */
export function aging(page: PageState, passed: number): PageState {
  if (page.ageSeconds === undefined) return page;
  const ageSeconds = page.ageSeconds + passed;
  const stale = page.stale || ageSeconds > STALE_INTERVALS * page.intervalSeconds;
  const tunnels = stale && !page.stale ? page.tunnels.map(forgotten) : page.tunnels;
  return { ...page, ageSeconds, stale, tunnels };
}

/** Keeps what does not age: who it is, and when it was last proven. */
function forgotten({ name, peer, daemon, networks, byHand, lastProof }: TunnelLine): TunnelLine {
  return {
    ...{ name, peer, daemon, networks, byHand, differences: 0, state: "unknown" },
    ...(lastProof !== undefined && { lastProof }),
  };
}
