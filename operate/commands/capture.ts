import { parseArgs } from "node:util";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { captureCommand, PLACES, type Place } from "../monitor/capture";
import { passThrough } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

const usage = `usage: ./scripts/gateway capture NAME [--on outside|enc0|pflog0] [-c COUNT] [--stack STACK]

One tunnel's packets, captured on the gateway, in pcap format on standard output, until Ctrl-C.

  --on outside   the encrypted packets from and to its peer, and ICMP of the peer (default)
  --on enc0      what is inside the tunnel, in clear: enc(4)
  --on pflog0    what the packet filter blocked and logged: pflog(4)
  -c COUNT       end after COUNT packets
  --stack STACK  the stack (default: the selected one)

Examples:
  ./scripts/gateway capture west --on enc0 | wireshark -k -i -
  ./scripts/gateway capture west -c 20 | tcpdump -n -r -

Exit status: 0 done, 1 failed, 64 called wrongly.
`;

const options = {
  on: { type: "string", default: "outside" },
  count: { type: "string", short: "c" },
  stack: { type: "string" },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError("give the NAME of one tunnel");
  const place = PLACES.find((known) => known === values.on);
  if (place === undefined) throw new UsageError(`--on ${values.on}: write ${PLACES.join(", ")}`);
  if (values.count !== undefined && !/^[1-9]\d{0,8}$/.test(values.count)) {
    throw new UsageError("-c: write a number");
  }
  if (io.columns !== undefined) {
    throw new UsageError("packets are not for a terminal: pipe them, as --help shows");
  }
  const outputs = await outputsFor(io, values.stack);
  const tunnel = tunnelNamed(outputs, name);
  const count = values.count === undefined ? undefined : Number(values.count);
  return capture(captureCommand(outputs.gateway, tunnel, place, count), place, outputs, io);
}

async function capture(
  command: string,
  place: Place,
  outputs: Parameters<typeof tunnelNamed>[0],
  { signal }: Io,
): Promise<number> {
  try {
    const status = await passThrough(gatewayTarget(outputs.gateway), command, { signal });
    if (status !== 0) throw new Refusal(`tcpdump on ${place} ended with status ${status}`);
    return EXIT.ok;
  } catch (error) {
    if (signal.aborted) return EXIT.ok;
    throw error;
  }
}

export const command: Command = {
  name: "capture",
  summary: "one tunnel's packets as pcap: encrypted, inside, or as the packet filter blocked them",
  usage,
  run,
};
