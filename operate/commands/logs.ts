import { parseArgs } from "node:util";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { redacted } from "../monitor/redact";
import { LogFilter } from "../monitor/logFilter";
import { eachLine, outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { tunnelNamed } from "../stack/named";
import { outputsFor } from "../stack/outputsFor";

const usage = `usage: ./scripts/gateway logs [NAME] [-f] [-n LINES] [--stack STACK]

What the IKE daemon and gwctl say in the gateway's /var/log/daemon; with NAME only what is about that
tunnel. Keys are taken out.

  -f, --follow     go on as it is written, until Ctrl-C
  -n, --lines N    how far to look back, in lines of the file (default: 1000)
  --stack STACK    the stack (default: the selected one)

Examples:
  ./scripts/gateway logs west
  ./scripts/gateway logs -f --stack prod

Example:
  ./scripts/gateway logs west -f

Exit status: 0 done, 1 failed, 64 called wrongly.
`;

const options = {
  follow: { type: "boolean", short: "f", default: false },
  lines: { type: "string", short: "n", default: "1000" },
  stack: { type: "string" },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError("give the NAME of one tunnel, or none");
  if (!/^\d{1,6}$/.test(values.lines)) throw new UsageError("--lines: write a number");
  const outputs = await outputsFor(io, values.stack);
  const filter = new LogFilter(name === undefined ? undefined : tunnelNamed(outputs, name));
  const target = gatewayTarget(outputs.gateway);
  const show = (line: string) => {
    if (filter.keeps(line)) io.out(`${redacted(line)}\n`);
  };
  if (!values.follow) {
    const text = await outputOf(target, `tail -n ${values.lines} /var/log/daemon`, io);
    text.split("\n").forEach(show);
    return EXIT.ok;
  }
  try {
    const status = await eachLine(target, `tail -n ${values.lines} -f /var/log/daemon`, show, io);
    throw new Refusal(`the gateway ended the connection (status ${status})`);
  } catch (error) {
    // Ctrl-C is how it ends.
    if (io.signal.aborted) return EXIT.ok;
    throw error;
  }
}

export const command: Command = {
  name: "logs",
  summary: "what the IKE daemon says, of all tunnels or of one",
  usage,
  run,
};
