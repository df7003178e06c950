import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Board } from "./board";
import type { Clock } from "./time";
import { gatewayMetrics, tunnelMetrics, type Facts, type Metric } from "./metricTable";

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * The board as Prometheus reads it. Everything is written anew for each scrape, so what is not known
 * any more has no series any more; only the state of every declared tunnel always has one.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly writers: ((facts: Facts) => void)[];

  constructor(
    private readonly board: Board,
    private readonly clock: Clock,
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.writers = [
      ...gatewayMetrics.map((metric) => {
        const instrument = this.instrument(metric);
        return (facts: Facts) => {
          clear(instrument, metric.labels);
          for (const { labels, value } of metric.read(facts)) instrument.inc(labels, value);
        };
      }),
      ...tunnelMetrics.map((metric) => {
        const instrument = this.instrument(metric);
        return (facts: Facts) => {
          clear(instrument, metric.labels);
          for (const record of this.board.tunnels()) {
            if (record.status?.state === "unmanaged") continue;
            for (const { labels, value } of metric.read({ ...facts, record })) {
              instrument.inc({ tunnel: record.name, ...labels }, value);
            }
          }
        };
      }),
    ];
  }

  async expose(): Promise<Exposition> {
    const now = this.clock.now();
    const facts: Facts = { board: this.board, now, stale: this.board.stale(now) };
    for (const write of this.writers) write(facts);
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }

  private instrument({ name, help, type, labels }: Metric<never>): Gauge | Counter {
    const configuration = { name, help, labelNames: labels, registers: [this.registry] };
    return type === "counter" ? new Counter(configuration) : new Gauge(configuration);
  }
}

/** A metric without labels would otherwise go on with 0, which says something. */
function clear(instrument: Gauge | Counter, labels: readonly string[]): void {
  instrument.reset();
  if (labels.length === 0) instrument.remove();
}
