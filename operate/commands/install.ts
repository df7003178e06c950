import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { installerXml } from "../../render/installerXml";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { systemClock } from "../console/clock";
import { transientDomain } from "../console/domain";
import { install, type Installed } from "../console/install";
import { parsePlan, type Plan } from "../console/plan";
import { prepare, removeCds } from "../console/prepare";
import { showProgress } from "../console/progress";
import { Interrupted } from "../console/session";
import { defaultTranscript, openTranscript } from "../console/transcript";

const USAGE = `usage: ./scripts/gateway install --values FILE [--transcript FILE] [--json]

Installs OpenBSD on a blank disk over a serial console, without anybody at the keyboard: blanks the
disk, starts a machine that boots the install CD and exists no longer than this program, answers the
installer, waits until it is done, and prints the host key of the new system. Progress goes to
standard error. pulumi up does this by itself.

  --values FILE      what to install where, as JSON; - reads standard input. Keys: uri, name,
                     domainType (kvm, qemu), memoryMiB, vcpus, bridge, mac, tcgBufferMiB,
                     disk {pool, volume}, cds [{pool, volume}], path (remastered, stock)
  --transcript FILE  append everything the console says to FILE (0600)
                     (default: ~/.local/state/openbsd-ipsec-gateway/NAME-console.log)
  --json             print {"hostKey", "seconds", "transcript"} instead of the key

The CDs are removed from their pool when the installation is done.
Ctrl-C stops the machine and says how to resume.

Example:
  ./scripts/gateway install --values machine.json --transcript console.log

Exit status: 0 installed, 1 failed, 64 called wrongly, 130 interrupted.
`;

const OPTIONS = {
  values: { type: "string" },
  transcript: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  name: "install",
  summary: "installs OpenBSD over a serial console",
  usage: USAGE,
  run: async (argv, io) => {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    const origin = values.values ?? "";
    if (origin === "") throw new UsageError("--values is missing: name the file, or - for stdin");
    const plan =
      origin === "-"
        ? parsePlan(await io.stdin(), "standard input")
        : parsePlan(await readFile(origin, "utf8"), origin);
    const file = values.transcript ?? defaultTranscript(plan.name);
    try {
      const installed = await installFrom(plan, file, io);
      for (const failure of await removeCds(plan)) io.err(`warning: ${failure}\n`);
      io.out(values.json ? asJson(installed, plan, file) : `${installed.hostKey}\n`);
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      io.err(`gateway: install: ${error.message}\n`);
      return EXIT.interrupted;
    }
  },
};

async function installFrom(plan: Plan, file: string, io: Io): Promise<Installed> {
  const transcript = openTranscript(file, () => new Date());
  const domain = transientDomain(plan.uri, plan.name, installerXml(plan));
  try {
    await prepare(plan);
    return await install({
      domain,
      clock: systemClock,
      progress: showProgress({ clock: systemClock, write: io.err, columns: width(io) }),
      signal: io.signal,
      ...{ type: plan.domainType, path: plan.path, transcript },
    });
  } finally {
    await domain.release();
    transcript.close();
  }
}

function width(io: Io): number | undefined {
  return io.terminal ? process.stderr.columns : undefined;
}

function asJson({ hostKey, seconds }: Installed, { before }: Plan, transcript: string): string {
  return `${JSON.stringify({ hostKey, seconds: { ...before, ...seconds }, transcript })}\n`;
}
