import { parseArgs } from "node:util";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { systemClock } from "../console/clock";
import { virshDomain } from "../console/domain";
import { install, type Installed } from "../console/install";
import { showProgress } from "../console/progress";
import { Interrupted } from "../console/session";
import { defaultTranscript, openTranscript } from "../console/transcript";

const USAGE = `usage: ./scripts/gateway install --domain NAME [OPTION…]

Installs OpenBSD on a libvirt domain over its serial console, without anybody at the keyboard:
starts the domain, answers the installer, waits until it stops, starts the installed system, and
prints the fingerprint of its SSH host key. Progress goes to standard error.

  --domain NAME        the domain: blank disk, install CD, serial port of type pty
  --uri URI            libvirt connection (default: qemu:///system)
  --type kvm|qemu      how the domain is emulated; sets how long each step may take (default: kvm)
  --path remastered|stock
                       remastered: the ISO built by this project (default);
                       stock: the untouched ISO with the configuration on a second CD
  --ready-line TEXT    also wait until the first boot prints TEXT (rc.firsttime, kernel relinked)
  --transcript FILE    append everything the console says to FILE (0600)
                       (default: ~/.local/state/openbsd-ipsec-gateway/NAME-console.log)
  --json               print {"fingerprint", "seconds", "transcript"} instead of the line

Ctrl-C stops the domain and says how to resume.
Exit status: 0 installed, 1 failed, 64 called wrongly, 130 interrupted.
`;

const OPTIONS = {
  domain: { type: "string" },
  uri: { type: "string", default: "qemu:///system" },
  type: { type: "string", default: "kvm" },
  path: { type: "string", default: "remastered" },
  "ready-line": { type: "string" },
  transcript: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  name: "install",
  summary: "Install OpenBSD on a domain over its serial console",
  usage: USAGE,
  run: async (argv, io) => {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    const domain = values.domain ?? "";
    if (domain === "") throw new UsageError("--domain is missing: name the libvirt domain");
    const type = oneOf("--type", values.type, ["kvm", "qemu"]);
    const path = oneOf("--path", values.path, ["remastered", "stock"]);
    const readyLine = values["ready-line"];
    if (readyLine === "") throw new UsageError("--ready-line: the text to wait for is empty");
    const file = values.transcript ?? defaultTranscript(domain);
    const transcript = openTranscript(file, () => new Date());
    try {
      const installed = await install({
        domain: virshDomain(values.uri, domain),
        clock: systemClock,
        progress: showProgress({ clock: systemClock, write: io.err, columns: width(io) }),
        signal: io.signal,
        ...{ type, path, transcript },
        ...(readyLine === undefined ? {} : { readyLine }),
      });
      io.out(values.json ? asJson(installed, file) : asLine(installed));
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      io.err(`gateway: install: ${error.message}\n`);
      return EXIT.interrupted;
    } finally {
      transcript.close();
    }
  },
};

function oneOf<Choice extends string>(flag: string, value: string, choices: Choice[]): Choice {
  const choice = choices.find((known) => known === value);
  if (choice === undefined) throw new UsageError(`${flag} ${value}: write ${choices.join(" or ")}`);
  return choice;
}

function width(io: Io): number | undefined {
  return io.terminal ? process.stderr.columns : undefined;
}

function asLine({ fingerprint }: Installed): string {
  return `sshd: (ED25519) ${fingerprint}\n`;
}

function asJson({ fingerprint, seconds }: Installed, transcript: string): string {
  return `${JSON.stringify({ fingerprint, seconds, transcript })}\n`;
}
