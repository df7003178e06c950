import { EXIT } from "../../contract/exit";
import { Refusal, UsageError, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/capture";
import { captureCommand, type Place } from "../monitor/capture";
import { EncPcap } from "../monitor/encPcap";
import { passThrough } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

export const run = implement(command, async ({ name, on, count, stack }, io) => {
  if (io.columns !== undefined) {
    throw new UsageError("packets are not for a terminal: pipe them, as --help shows");
  }
  const outputs = await outputsFor(io, stack);
  const tunnel = tunnelNamed(outputs, name);
  return capture(captureCommand(outputs.gateway, tunnel, on, count), on, outputs, io);
});

async function capture(
  command: string,
  place: Place,
  outputs: Parameters<typeof tunnelNamed>[0],
  { err, signal }: Io,
): Promise<number> {
  try {
    const status = await passThrough(gatewayTarget(outputs.gateway), command, {
      err,
      signal,
      ...(place === "enc0" && { through: new EncPcap() }),
    });
    if (status !== 0) throw new Refusal(`tcpdump on ${place} ended with status ${status}`);
    return EXIT.ok;
  } catch (error) {
    if (signal.aborted) return EXIT.ok;
    throw error;
  }
}
