import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { parseListen, readToken } from "../serve/listen";
import { serve } from "../serve/serve";
import { stackSource } from "../serve/stackSource";
import { systemClock } from "../serve/time";
import { readOutputs } from "../stack/outputs";
import { askGateway } from "../status/live";
import { askWhy } from "../why/question";

const usage = `usage: ./scripts/gateway serve [OPTION…]

A web page with the state of every tunnel, and /metrics for Prometheus. It reads only: the gateway is
asked over SSH every few seconds, and what is too old to be true is shown as unknown.

  --listen ADDRESS:PORT  where (default: 127.0.0.1:9177). Any address but loopback needs a token.
  --token-file FILE      who reads must give this token: Authorization: Bearer TOKEN, or the form of
                         the page. A file of mode 0600 with 32 characters or more.
  --host-name NAME       also answer to this name (a proxy's, a DNS entry's); may be repeated
  --interval SECONDS     how often the gateway is asked, 5 to 3600 (default: 15)
  --stack NAME           the stack (default: the selected one)

Examples:
  ./scripts/gateway serve --stack prod
  ssh -L 9177:127.0.0.1:9177 admin-host        # then open http://127.0.0.1:9177/ here
  (umask 077; openssl rand -hex 32 > token); ./scripts/gateway serve --listen 10.0.0.5:9177 --token-file token

Ends with Ctrl-C or SIGTERM. Alert rules and a dashboard: docs/monitoring.md.
Exit status: 0 ended as asked, 1 cannot serve, 64 called wrongly.
`;

const options = {
  listen: { type: "string", default: "127.0.0.1:9177" },
  "token-file": { type: "string" },
  "host-name": { type: "string", multiple: true, default: [] as string[] },
  interval: { type: "string", default: "15" },
  stack: { type: "string" },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const listen = parseListen(values.listen);
  const intervalSeconds = interval(values.interval);
  const tokenFile = values["token-file"];
  const token = tokenFile === undefined ? {} : { token: readToken(tokenFile) };
  const source = await stackSource(
    { stack: values.stack, signal: io.signal },
    { readOutputs, askGateway, askWhy, clock: systemClock },
  );
  const { url, ended } = await serve(source, {
    ...{ listen, intervalSeconds, ...token },
    hostNames: values["host-name"].map((name) => name.toLowerCase()),
    clock: systemClock,
    log: (line) => {
      io.err(`${new Date().toISOString()} ${line}\n`);
    },
    signal: io.signal,
  });
  io.out(`${url}\n`);
  await ended;
  return EXIT.ok;
}

function interval(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 5 || seconds > 3600) {
    throw new UsageError(`--interval ${text}: write whole seconds from 5 to 3600`);
  }
  return seconds;
}

export const command: Command = {
  name: "serve",
  summary: "a local web page with the state of every tunnel, and metrics for Prometheus",
  usage,
  run,
};
