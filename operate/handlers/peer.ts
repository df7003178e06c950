import type { Peer, Peers } from "../../contract/documents/operate";
import { json } from "../json";
import { writeFileSync } from "node:fs";
import { types } from "node:util";
import { EXIT } from "../../contract/exit";
import { Refusal, UsageError, type Io } from "../command";
import { columns } from "../columns";
import { implement } from "../commandLine/implement";
import { command } from "../commands/peer";
import { chosenFormat, peerConfiguration } from "../peer/configuration";
import type { StackOutputs } from "../../contract/stackOutputs";
import { tunnelNamed } from "../stack/named";
import { readOutputs, readPresharedKeys } from "../stack/outputs";

export const run = implement(
  command,
  async ({ name, vendor, out, "reveal-psk": reveal, list, stack, json: asJson }, io) => {
    if ((name === undefined) !== list) throw new UsageError("name one tunnel, or give --list");
    if (reveal) requireTerminal(io, out);
    const selection = { stack, signal: io.signal };
    const outputs = await readOutputs(selection);
    if (name === undefined) {
      io.out(asJson ? json<Peers>(listed(outputs)) : table(outputs));
      return EXIT.ok;
    }
    const tunnel = tunnelNamed(outputs, name);
    const format = chosenFormat(vendor, tunnel);
    if (reveal && tunnel.auth !== undefined && tunnel.auth !== "psk") {
      throw new Refusal(`${name}: has no pre-shared key: each end signs with its own`);
    }
    const psk = reveal ? (await readPresharedKeys(selection))[name] : undefined;
    if (reveal && psk === undefined) throw new Refusal(`${name}: the stack has no key for it`);
    const { gateway, publicKey, certificates } = outputs;
    const text = peerConfiguration(format, tunnel, gateway, {
      ...{ psk, publicKey },
      authorities: certificates?.ca,
      certificate: certificates?.kept?.peers.find(({ tunnel: of }) => of === name)?.pem,
    });
    if (out === undefined) {
      io.out(asJson ? json<Peer>({ tunnel: name, vendor: format, text }) : text);
      return EXIT.ok;
    }
    writeNew(out, text);
    io.err(`${out}: written\n`);
    return EXIT.ok;
  },
);

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
  const rows = listed(outputs).map(({ name, peer, vendor }) => [name, peer, vendor]);
  return columns(rows)
    .map((line) => `${line}\n`)
    .join("");
}
