import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { adopt } from "../promotion/copy/adopt";
import { kept } from "../promotion/copy/kept";
import { parseRequest } from "../promotion/copy/request";

const USAGE = `usage: ./scripts/gateway adopt --values FILE [--json]

Makes a disk from a sealed one, which may be on another hypervisor: copies it piece by piece, reads it
back, and gives it an identity of its own in a machine without a network. Prints the host key that the
new gateway has made for itself. An interrupted run is gone on with, and what an earlier one has finished
is taken as it is until a machine has it; any other volume of the name is refused. pulumi up does this by
itself for source.disk.

  --values FILE  what to copy where, as JSON; - reads standard input. Keys: from {uri, pool, volume},
                 sha256, to {uri, pool, volume}, bytes, machine {domainType, memoryMiB, tcgBufferMiB},
                 identity {hostname, interface, address, gateway, dns, sshPublicKeys};
                 or to and hostKey for a disk that is there with a gateway on it
  --json         print {"hostKey", "volumeId", "sha256", "bytes", "moved", "kept", "seconds",
                 "transcript"} instead of the key

Example:
  ./scripts/gateway adopt --values copy.json

Exit status: 0 the disk is whole and proven, 1 it is absent, untouched or marked as incomplete,
64 called wrongly.
`;

const options = {
  values: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const origin = values.values ?? "";
  if (origin === "") throw new UsageError("--values is missing: name the file, or - for stdin");
  const request =
    origin === "-"
      ? parseRequest(await io.stdin(), "standard input")
      : parseRequest(await readFile(origin, "utf8"), origin);
  const adopted = "from" in request ? await adopt(request, io) : await kept(request, io.signal);
  io.out(values.json ? `${JSON.stringify(adopted)}\n` : `${adopted.hostKey}\n`);
  return EXIT.ok;
}

export const command: Command = {
  name: "adopt",
  summary: "makes a disk from another gateway's sealed one",
  usage: USAGE,
  run,
};
