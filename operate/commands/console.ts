import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { EXIT, Refusal, UsageError, type Command, type Io } from "../command";
import { follow } from "../console/follow";
import { defaultTranscript } from "../console/transcript";
import { virshEnvironment } from "../console/virsh";
import { readPlace, type Place } from "../stack/place";

const usage = `usage: ./scripts/gateway console [--follow] [OPTION…]

The gateway's serial console. Ctrl-] leaves it; the gateway does not notice. Its login asks for a
password, and root has none: it shows a system that starts or hangs, and its kernel's debugger.

  --follow           only read, while an installation has the console: what its transcript says,
                     from the beginning of the last installation on, until Ctrl-C
  --transcript FILE  the transcript to follow
                     (default: ~/.local/state/openbsd-ipsec-gateway/NAME-console.log)
  --stack NAME       the stack whose gateway it is (default: the selected one)
  --domain NAME      its domain instead; then no stack is asked
  --uri URI          libvirt connection, with --domain (default: qemu:///system)

Example:
  ./scripts/gateway console --follow

Exit status: 0 left, 1 not reached, 64 called wrongly.
`;

const options = {
  follow: { type: "boolean", default: false },
  transcript: { type: "string" },
  stack: { type: "string" },
  domain: { type: "string" },
  uri: { type: "string" },
} as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const { domain, uri, stack, transcript } = values;
  if (domain === undefined && uri !== undefined) throw new UsageError("--uri belongs to --domain");
  if (domain !== undefined && stack !== undefined) {
    throw new UsageError("give --domain or --stack, not both");
  }
  const place =
    domain === undefined
      ? await readPlace({ stack, signal: io.signal })
      : { domain, uri: uri ?? "qemu:///system" };
  if (!values.follow) return attach(place, io);
  await follow(transcript ?? defaultTranscript(place.domain), io);
  return EXIT.ok;
}

async function attach({ domain, uri }: Place, io: Io): Promise<number> {
  if (!process.stdin.isTTY) {
    throw new Refusal("a console needs a terminal: --follow only reads");
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn("virsh", ["-c", uri, "console", "--domain", domain], {
      stdio: "inherit",
      env: virshEnvironment(),
    });
    child.once("error", (error) => {
      reject(new Refusal(`virsh: ${error.message}: install libvirt-clients`));
    });
    child.once("close", resolve);
  });
  if (status === 0) return EXIT.ok;
  io.err("gateway: console: while an installation has it, look at it with --follow\n");
  return EXIT.failed;
}

export const command: Command = {
  name: "console",
  summary: "the gateway's serial console, or what an installation says on it",
  usage,
  run,
};
