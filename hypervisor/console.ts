import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { PlainText } from "../parse/ansi";
import { connectionTo, virshEnvironment } from "./virsh";

/** An open console. */
export interface ConsoleLine {
  /** Types into the guest. */
  readonly write: (text: string) => void;
  /**
   * Resolves when no more bytes will come: the guest stopped, or the connection broke. With what
   * virsh complained about and what to do: it says only after its banner that it did not get in.
   */
  readonly closed: Promise<string | undefined>;
  /** Detaches from the console; the guest does not notice. */
  readonly close: () => Promise<void>;
}

/** `virsh console` did not get us the console. */
export class ConsoleRefused extends Error {}

// virsh wants a terminal on its standard input, and script(1) gives it one without a native module.
// setpriv ends script with us, even after SIGKILL; virsh then loses its terminal and ends too. The
// values travel in the environment so that no shell has to quote them.
const PROGRAM = "setpriv";
const ARGUMENTS = [
  ...["--pdeathsig", "KILL", "--", "script", "--quiet", "--flush", "--return", "--command"],
  'exec virsh -c "$GATEWAY_URI" console --force --domain "$GATEWAY_DOMAIN"',
  "/dev/null",
];
/** What detaches a virsh console: Ctrl-]. */
const DETACH = "\x1d";
const BANNER = /Escape character is [^\n]*\n/;
const COMPLAINT_LENGTH = 2000;
const OPEN_MILLISECONDS = 60_000;
const CLOSE_MILLISECONDS = 3_000;

const COMPLAINTS: readonly (readonly [RegExp, string])[] = [
  [/domain is not running/i, "the domain is not running: start it first"],
  [
    /active console session exists/i,
    "the console is already in use by another session: close that one (Ctrl-] leaves a virsh console)",
  ],
  [
    /failed to get domain|domain not found/i,
    "there is no such domain: virsh list --all names them",
  ],
  [
    /not using a PTY/i,
    "the domain's serial port is not of type pty: give it <serial type='pty'> and <console type='pty'>",
  ],
  [
    /failed to connect to the hypervisor/i,
    "the hypervisor does not answer: check the libvirt URI and that libvirtd runs",
  ],
  [
    /couldn't create lock file/i,
    "the hypervisor cannot lock the console: make its /var/lock directory",
  ],
  [/virsh: not found/, "virsh is missing here: install libvirt-clients"],
];

/**
 * Opens the serial console of a guest through `virsh console --force`, on any libvirt URI.
 * `onBytes` gets what the guest sends, one character per byte; virsh's own banner is left out.
 * @throws ConsoleRefused with what to do: not running, already in use, no such domain, no pty
 */
export async function openVirshConsole(
  uri: string,
  domain: string,
  onBytes: (bytes: string) => void,
): Promise<ConsoleLine> {
  const child = spawn(PROGRAM, ARGUMENTS, {
    // A session of its own: Ctrl-C at our terminal is for us to handle.
    detached: true,
    env: {
      ...virshEnvironment(),
      SHELL: "/bin/sh",
      GATEWAY_URI: connectionTo(uri),
      GATEWAY_DOMAIN: domain,
    },
  });
  let tail = "";
  const hear = (bytes: string): void => {
    tail = (tail + bytes).slice(-COMPLAINT_LENGTH);
    onBytes(bytes);
  };
  const closed = new Promise<string | undefined>((resolve) => {
    child.once("close", (code) => {
      resolve(code === 0 ? undefined : explain(complaintIn(tail)));
    });
  });
  // Writing to a console that just ended is no error of ours: `closed` tells.
  child.stdin.on("error", () => undefined);
  await attached(child, domain, hear);
  return {
    closed,
    write: (text) => {
      child.stdin.write(Buffer.from(text, "latin1"));
    },
    close: () => detach(child, closed),
  };
}

function attached(
  child: ChildProcessWithoutNullStreams,
  domain: string,
  onBytes: (bytes: string) => void,
): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    let open = false;
    const refuse = (why: string): void => {
      if (open) return;
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new ConsoleRefused(`console of ${domain}: ${why}`));
    };
    const timer = setTimeout(() => {
      refuse(`virsh did not open it within ${OPEN_MILLISECONDS / 1000} s; it said: ${tidy(said)}`);
    }, OPEN_MILLISECONDS);
    child.stdout.setEncoding("latin1").on("data", (bytes: string) => {
      if (open) {
        onBytes(bytes);
        return;
      }
      said += bytes;
      const banner = BANNER.exec(said);
      if (!banner) return;
      open = true;
      clearTimeout(timer);
      resolve();
      const rest = said.slice(banner.index + banner[0].length);
      if (rest !== "") onBytes(rest);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.once("error", (error) => {
      refuse(`${PROGRAM}: ${error.message}: install util-linux`);
    });
    child.once("close", () => {
      refuse(explain(said));
    });
  });
}

async function detach(
  child: ChildProcessWithoutNullStreams,
  closed: Promise<unknown>,
): Promise<void> {
  if (child.stdin.writable) child.stdin.write(DETACH);
  const timer = setTimeout(() => child.kill("SIGKILL"), CLOSE_MILLISECONDS);
  await closed;
  clearTimeout(timer);
}

/** virsh's own last words among those of the guest. */
function complaintIn(tail: string): string {
  const start = tail.lastIndexOf("error: ");
  return start < 0 ? "" : tail.slice(start);
}

/** What virsh's words mean and what to do about them. */
function explain(said: string): string {
  const known = COMPLAINTS.find(([pattern]) => pattern.test(said));
  return known ? known[1] : `virsh did not open it: ${tidy(said) || "it said nothing"}`;
}

function tidy(said: string): string {
  const lines = new PlainText().push(said).split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" / ");
}
