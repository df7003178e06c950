import { peerName } from "../../config/peer";
import { EXIT } from "../../contract/exit";
import { Refusal } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/logs";
import { redacted } from "../monitor/redact";
import { LogFilter } from "../monitor/logFilter";
import { askPeer, peerIn } from "../monitor/namedPeer";
import { eachLine, outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

export const run = implement(command, async ({ name, follow, lines, stack }, io) => {
  const outputs = await outputsFor(io, stack);
  const tunnel = name === undefined ? undefined : tunnelNamed(outputs, name);
  const filter = new LogFilter(tunnel);
  const target = gatewayTarget(outputs.gateway);
  const located = tunnel && peerName(tunnel.peer) !== undefined ? askPeer(tunnel.name, lines) : "";
  const show = (line: string) => {
    const peer = located === "" ? undefined : peerIn(line);
    if (peer !== undefined) filter.locate(peer);
    for (const kept of filter.take(line)) io.out(`${redacted(kept)}\n`);
  };
  if (!follow) {
    const text = await outputOf(target, `${located}tail -n ${lines} /var/log/daemon`, io);
    text.split("\n").forEach(show);
    for (const kept of filter.rest()) io.out(`${redacted(kept)}\n`);
    return EXIT.ok;
  }
  try {
    const status = await eachLine(
      target,
      `${located}tail -n ${lines} -f /var/log/daemon`,
      show,
      io,
    );
    throw new Refusal(`the gateway ended the connection (status ${status})`);
  } catch (error) {
    // Ctrl-C is how it ends.
    if (io.signal.aborted) return EXIT.ok;
    throw error;
  }
});
