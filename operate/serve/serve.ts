import type { AddressInfo } from "node:net";
import type { Server } from "node:http";
import { Refusal } from "../command";
import { Board } from "./board";
import { Access } from "./http/access";
import { loadAssets } from "./http/assets";
import { Events } from "./http/events";
import { Explanations } from "./http/explanations";
import { createSite } from "./http/server";
import { isLoopback, type Listen } from "./listen";
import { Metrics } from "./metrics";
import { poll } from "./poller";
import type { Source } from "./source";
import type { Clock } from "./time";

export interface ServeOptions {
  readonly listen: Listen;
  /** Required for an address that others can reach. */
  readonly token?: string;
  /** Names under which a proxy or a colleague's browser asks. */
  readonly hostNames: readonly string[];
  readonly intervalSeconds: number;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

export interface Serving {
  readonly url: string;
  readonly port: number;
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<void>;
}

/** How long a reader may take to finish after the end was asked for. */
const GRACE_MS = 2000;

/**
 * Starts the page and the metrics; the gateway is asked every interval until the signal.
 *
 * @throws Refusal if the address cannot be had, or is open to others without a token.
 */
export async function serve(source: Source, options: ServeOptions): Promise<Serving> {
  const { listen, token, hostNames, intervalSeconds, clock, log, signal } = options;
  if (!isLoopback(listen.host) && token === undefined) {
    throw new Refusal(
      `--listen ${listen.host}: others can reach this address: give --token-file, ` +
        "or listen on 127.0.0.1 and come through SSH (ssh -L 9177:127.0.0.1:9177 HOST)",
    );
  }
  const { declaration, explain } = source;
  const board = new Board(intervalSeconds, { declaration, explains: explain !== undefined });
  const events = new Events(() => JSON.stringify(board.page(clock.now())));
  const server = createSite({
    ...{ board, events, clock, hostNames },
    metrics: new Metrics(board, clock),
    explanations: explain && new Explanations(explain, signal),
    access: new Access(token, () => clock.now().wall),
    assets: await loadAssets(),
  });
  const port = await listening(server, listen);

  const changed = events.publish.bind(events);
  const asking = poll({
    ...{ board, clock, intervalSeconds, log, signal, changed },
    collect: source.collect,
  });
  const ticking = tick(options, changed);
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  const stop = (): void => {
    events.close();
    server.close();
    server.closeIdleConnections();
    setTimeout(() => {
      server.closeAllConnections();
    }, GRACE_MS).unref();
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });

  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return {
    url: `http://${host}:${port}/`,
    port,
    ended: Promise.all([closed, asking, ticking]).then(() => undefined),
  };
}

/** A page that hears nothing takes the server for dead, so it hears something also when nothing is new. */
async function tick({ clock, intervalSeconds, signal }: ServeOptions, changed: () => void) {
  while (!signal.aborted) {
    await clock.sleep(intervalSeconds * 1000, signal);
    changed();
  }
}

function listening(server: Server, { host, port }: Listen): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: "another program has it: choose another port",
        EADDRNOTAVAIL: "this machine does not have the address",
        EACCES: "ports below 1024 need root",
      };
      const reason = reasons[error.code ?? ""] ?? error.message;
      reject(new Refusal(`--listen ${host}:${port}: ${reason}`));
    });
    server.listen(port, host, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}
