import { EXIT } from "../../contract/exit";
import { implement } from "../commandLine/implement";
import { command } from "../commands/serve";
import { parseListen, readToken } from "../serve/listen";
import { serve } from "../serve/serve";
import { stackSource } from "../serve/stackSource";
import { systemClock } from "../serve/time";
import { readOutputs } from "../stack/outputs";
import { askGateway } from "../status/live";
import { askWhy } from "../why/question";

export const run = implement(
  command,
  async (
    {
      listen: address,
      "token-file": tokenFile,
      "host-name": hostNames,
      interval: intervalSeconds,
      stack,
    },
    io,
  ) => {
    const listen = parseListen(address);
    const token = tokenFile === undefined ? {} : { token: readToken(tokenFile) };
    const source = await stackSource(
      { stack, signal: io.signal },
      { readOutputs, askGateway, askWhy, clock: systemClock },
    );
    const { url, ended } = await serve(source, {
      ...{ listen, intervalSeconds, ...token },
      hostNames: hostNames.map((name) => name.toLowerCase()),
      clock: systemClock,
      log: (line) => {
        io.err(`${new Date().toISOString()} ${line}\n`);
      },
      signal: io.signal,
    });
    io.out(`${url}\n`);
    await ended;
    return EXIT.ok;
  },
);
