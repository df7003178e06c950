import { writeFileSync } from "node:fs";
import { parseArgs, types } from "node:util";
import { peerFormats, type PeerFormatName } from "../../render/peers";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { chosenFormat, findTunnel, peerConfiguration } from "../peer/configuration";
import { readOutputs, readPresharedKeys, type StackOutputs } from "../stack/outputs";

const formats = Object.keys(peerFormats) as PeerFormatName[];
const width = Math.max(...formats.map((name) => name.length));

const usage = `usage: ./scripts/gateway peer NAME [--vendor V] [--out FILE] [OPTION…]
       ./scripts/gateway peer --list

The configuration of the other end of a tunnel, from the same declaration: every value mirrored,
ready to paste, with the device's own commands to see how it is. A tunnel that the device cannot be
told is refused, with what to change.

  --vendor V       what the other end is (default: the tunnel's vendor, else sheet):
${formats.map((name) => `                     ${name.padEnd(width)}  ${peerFormats[name].title}`).join("\n")}
  --out FILE       write it there, mode 0600 (default: standard output)
  --reveal-psk     with the pre-shared key instead of a placeholder; on a terminal only
  --list           the stack's tunnels, each with the format it would get
  --stack NAME     the stack (default: the selected one)
  --json           {tunnel, vendor, text}; with --list [{name, peer, vendor}]

Examples:
  ./scripts/gateway peer west --vendor strongswan --reveal-psk --out west.conf
  ./scripts/gateway peer east --vendor sheet | mail -s "IPsec tunnel" admin@example.net

Exit status: 0 done, 1 refused, 64 called wrongly.
`;

const options = {
  vendor: { type: "string" },
  out: { type: "string" },
  "reveal-psk": { type: "boolean" },
  list: { type: "boolean" },
  stack: { type: "string" },
  json: { type: "boolean" },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [name, ...more] = positionals;
  if ((name === undefined) !== (values.list ?? false) || more.length > 0) {
    throw new UsageError("name one tunnel, or give --list");
  }
  const vendor = formatNamed(values.vendor);
  const reveal = values["reveal-psk"] ?? false;
  if (reveal) requireTerminal(io, values.out);
  const selection = { stack: values.stack, signal: io.signal };
  const outputs = await readOutputs(selection);
  if (name === undefined) {
    io.out(values.json ? `${JSON.stringify(listed(outputs))}\n` : table(outputs));
    return EXIT.ok;
  }
  const tunnel = findTunnel(outputs, name);
  const format = chosenFormat(vendor, tunnel);
  const psk = reveal ? (await readPresharedKeys(selection))[name] : undefined;
  if (reveal && psk === undefined) throw new Refusal(`${name}: the stack has no key for it`);
  const text = peerConfiguration(format, tunnel, outputs.gateway, psk);
  if (values.out === undefined) {
    io.out(values.json ? `${JSON.stringify({ tunnel: name, vendor: format, text })}\n` : text);
    return EXIT.ok;
  }
  writeNew(values.out, text);
  io.err(`${values.out}: written\n`);
  return EXIT.ok;
}

/** Never over another file, and readable for its owner only. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const code = types.isNativeError(error) && "code" in error ? error.code : "";
    if (code === "EEXIST") throw new Refusal(`${file}: exists: remove it, or name another`);
    throw error;
  }
}

function formatNamed(vendor: string | undefined): PeerFormatName | undefined {
  const found = formats.find((name) => name === vendor);
  if (vendor !== undefined && found === undefined) {
    throw new UsageError(`--vendor ${vendor}: write one of ${formats.join(", ")}`);
  }
  return found;
}

/** A key in a pipe ends in a log or a file that everybody can read. */
function requireTerminal(io: Io, out: string | undefined): void {
  if (out === undefined ? io.columns !== undefined : io.terminal) return;
  throw new Refusal("--reveal-psk: shows the key on a terminal only: run it there, or use --out");
}

function listed({ tunnels }: StackOutputs) {
  return tunnels.map((tunnel) => ({
    name: tunnel.name,
    peer: tunnel.peer,
    vendor: chosenFormat(undefined, tunnel),
  }));
}

function table(outputs: StackOutputs): string {
  const rows = listed(outputs);
  const pad = (of: "name" | "peer") => Math.max(0, ...rows.map((row) => row[of].length));
  return rows
    .map(
      ({ name, peer, vendor }) =>
        `${name.padEnd(pad("name"))}  ${peer.padEnd(pad("peer"))}  ${vendor}\n`,
    )
    .join("");
}

export const command: Command = {
  name: "peer",
  summary: "writes the configuration of a tunnel's other end",
  usage,
  choices: { "--vendor": formats },
  run,
};
