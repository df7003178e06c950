import { EXIT } from "../../contract/exit";
import { Refusal } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/logs";
import { redacted } from "../monitor/redact";
import { LogFilter } from "../monitor/logFilter";
import { eachLine, outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

export const run = implement(command, async ({ name, follow, lines, stack }, io) => {
  const outputs = await outputsFor(io, stack);
  const filter = new LogFilter(name === undefined ? undefined : tunnelNamed(outputs, name));
  const target = gatewayTarget(outputs.gateway);
  const show = (line: string) => {
    for (const kept of filter.take(line)) io.out(`${redacted(kept)}\n`);
  };
  if (!follow) {
    const text = await outputOf(target, `tail -n ${lines} /var/log/daemon`, io);
    text.split("\n").forEach(show);
    for (const kept of filter.rest()) io.out(`${redacted(kept)}\n`);
    return EXIT.ok;
  }
  try {
    const status = await eachLine(target, `tail -n ${lines} -f /var/log/daemon`, show, io);
    throw new Refusal(`the gateway ended the connection (status ${status})`);
  } catch (error) {
    // Ctrl-C is how it ends.
    if (io.signal.aborted) return EXIT.ok;
    throw error;
  }
});
