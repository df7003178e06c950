import { EXIT } from "../../contract/exit";
import { Refusal, UsageError, type Io } from "../command";
import { implement } from "../commandLine/implement";
import { command } from "../commands/console";
import { follow } from "../console/follow";
import { defaultTranscript } from "../console/transcript";
import { notStarted, startVirsh } from "../../hypervisor/virsh";
import { readMachineLocation, type MachineLocation } from "../stack/machineLocation";

export const run = implement(
  command,
  async ({ follow: onlyRead, transcript, stack, domain, uri }, io) => {
    if (domain === undefined && uri !== undefined)
      throw new UsageError("--uri belongs to --domain");
    if (domain !== undefined && stack !== undefined) {
      throw new UsageError("give --domain or --stack, not both");
    }
    const place =
      domain === undefined
        ? await readMachineLocation({ stack, signal: io.signal })
        : { domain, uri: uri ?? "qemu:///system" };
    if (!onlyRead) return attach(place, io);
    await follow(transcript ?? defaultTranscript(place.domain), io);
    return EXIT.ok;
  },
);

async function attach({ domain, uri }: MachineLocation, io: Io): Promise<number> {
  if (!process.stdin.isTTY) {
    throw new Refusal("a console needs a terminal: --follow only reads");
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = startVirsh(uri, ["console", "--domain", domain], {
      quiet: false,
      stdio: "inherit",
    });
    child.once("error", (error) => {
      reject(new Refusal(notStarted(error)));
    });
    child.once("close", resolve);
  });
  if (status === 0) return EXIT.ok;
  io.err(
    "gateway: console: an installation holds the console: show what it prints with --follow\n",
  );
  return EXIT.failed;
}
