import type { GatewayStatus } from "../../../contract/documents/status";
import { serve, type ServeOptions } from "../../../operate/serve/serve";
import type { Source } from "../../../operate/serve/source";
import { systemClock } from "../../../operate/serve/time";

export interface TestSite {
  readonly url: string;
  readonly port: number;
  readonly log: string[];
  readonly stop: () => Promise<void>;
}

/** A real server on a free port of the loopback address. */
export async function startSite(
  source: Source,
  options: Partial<ServeOptions> = {},
): Promise<TestSite> {
  const end = new AbortController();
  const log: string[] = [];
  const { url, port, ended } = await serve(source, {
    listen: { host: "127.0.0.1", port: 0 },
    hostNames: [],
    intervalSeconds: 1,
    clock: systemClock,
    log: (line) => log.push(line),
    signal: end.signal,
    ...options,
  });
  return {
    ...{ url, port, log },
    stop: async () => {
      end.abort();
      await ended;
    },
  };
}

/** A gateway whose answer the test sets. A thrown error is an answer too. */
export class FakeGateway {
  asked = 0;

  constructor(public answer: () => GatewayStatus | Promise<GatewayStatus>) {}

  readonly collect = async (): Promise<GatewayStatus> => {
    this.asked++;
    return this.answer();
  };
}
