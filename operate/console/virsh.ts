import { spawn } from "node:child_process";
import { join } from "node:path";
import { PROGRAM } from "../../config/places";

/** The environment of every virsh we call: its words in English, as we read them. */
export function virshEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C", LANGUAGE: "" };
}

const SSH = join(PROGRAM, "scripts/lib/hypervisor-ssh");

/**
 * How virsh is to connect. Over SSH by a program that notices when the other end is gone, unless the URI
 * names one.
 */
export function connectionTo(uri: string): string {
  if (!/^[^:/]+\+ssh:/.test(uri) || /[?&]command=/.test(uri)) return uri;
  return `${uri}${uri.includes("?") ? "&" : "?"}command=${encodeURIComponent(SSH)}`;
}

/** virsh ended with an error; the message is what it said. */
export class VirshFailed extends Error {}

const LONGEST_MILLISECONDS = 120_000;

/**
 * Runs one virsh command and gives what it printed, without surrounding blanks.
 * @throws VirshFailed
 */
export function virsh(uri: string, ...command: string[]): Promise<string> {
  return runVirsh(uri, command, LONGEST_MILLISECONDS);
}

/** The same for a command that moves a file, as long as that takes. */
export function virshTransfer(uri: string, ...command: string[]): Promise<string> {
  return runVirsh(uri, command, 0);
}

function runVirsh(uri: string, command: string[], timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("virsh", ["-q", "-c", connectionTo(uri), ...command], {
      // Ctrl-C must not hit the command that stops the domain because of it.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: virshEnvironment(),
      timeout,
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", (error) => {
      reject(new VirshFailed(`virsh: ${error.message}: install libvirt-clients`));
    });
    child.once("close", (code) => {
      if (code === 0) resolve(out.trim());
      else reject(new VirshFailed(`virsh ${command.join(" ")}: ${err.trim() || "no answer"}`));
    });
  });
}
