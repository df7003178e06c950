import {
  type ChildProcess,
  type ChildProcessByStdio,
  spawn,
  type SpawnOptions,
  spawnSync,
} from "node:child_process";
import { homedir } from "node:os";
import type { Readable, Writable } from "node:stream";
import { shellLine } from "../render/shellWord";
import { connectionTo as strictConnection, RefusedUri, sshProgram } from "./connection";

/** The environment of a virsh: its words in English, as we read them. */
export const virshEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  LC_ALL: "C",
  LANGUAGE: "",
});

/** @throws VirshFailed for a URI that a stack may not use; see connection.ts */
export const connectionTo = (uri: string): string => usable(() => strictConnection(uri));

/** The program to call instead of ssh(1) for a hypervisor that is not this machine. */
export const sshTo = (uri: string): string | undefined => usable(() => sshProgram(uri));

function usable<T>(connect: () => T): T {
  try {
    return connect();
  } catch (error) {
    throw error instanceof RefusedUri ? new VirshFailed(error.message) : error;
  }
}

/** A path in a URI, as the provider reads it: `${HOME}` and `~` are the operator's home. */
export const localFile = (path: string): string =>
  path.replaceAll("${HOME}", homedir()).replace(/^~(?=\/)/, homedir());

/** virsh ended with an error; the message is what it said. */
export class VirshFailed extends Error {}

const PROGRAM = "virsh";
const INSTALL = "install libvirt-clients";

/** What to say of a virsh that could not be started. */
export const notStarted = (error: Error): string => `${PROGRAM}: ${error.message}: ${INSTALL}`;

/** A command line for a person to run. */
export const virshLine = (uri: string, ...words: readonly string[]): string =>
  shellLine([PROGRAM, "-c", uri, ...words]);

// No time limit of ours has to find a dead connection: libvirt's keepalive and the SSH program's
// (connection.ts) end it within a minute.

/**
 * Starts virsh for one command, with its own titles and progress unless `quiet`.
 * @param timeout milliseconds until it is ended; 0: never
 * @throws VirshFailed for a URI that a stack may not use
 */
export function startVirsh(
  uri: string,
  command: readonly string[],
  { quiet = true, ...options }: SpawnOptions & { readonly quiet?: boolean },
): ChildProcess {
  const args = [...(quiet ? ["-q"] : []), "-c", connectionTo(uri), ...command];
  return spawn(PROGRAM, args, { ...options, env: virshEnvironment() });
}

/** Starts virsh that reads its commands from a pipe, and complains on standard error. */
export function startVirshShell(uri: string): ChildProcessByStdio<Writable, null, Readable> {
  return spawn(PROGRAM, ["-q", "-c", connectionTo(uri)], {
    // Ctrl-C is for us to handle first.
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    env: virshEnvironment(),
  });
}

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
    // Detached: Ctrl-C must not hit the command that stops the domain because of it.
    const child = startVirsh(uri, command, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      timeout,
    });
    let out = "";
    let err = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", (error) => {
      reject(new VirshFailed(notStarted(error)));
    });
    child.once("close", (code) => {
      if (code === 0) resolve(out.trim());
      else reject(new VirshFailed(`virsh ${command.join(" ")}: ${err.trim() || "no answer"}`));
    });
  });
}

/** A hypervisor that does not answer by then hangs, or a firewall swallows the question. */
const ANSWER_MILLISECONDS = 30_000;

/** The answer, or why there is none. */
export interface VirshAnswer {
  readonly text: string;
  readonly error?: string;
}

/**
 * Asks at once, where nothing may go on before the answer is there: in a program of Pulumi, before the
 * first resource is registered.
 */
export function askVirsh(uri: string, ...command: string[]): VirshAnswer {
  const { status, stdout, stderr, error } = spawnSync(
    PROGRAM,
    ["-q", "-c", strictConnection(uri), ...command],
    {
      encoding: "utf8",
      env: virshEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: ANSWER_MILLISECONDS,
      killSignal: "SIGKILL",
    },
  );
  if (error !== undefined && "code" in error && error.code === "ETIMEDOUT") {
    const seconds = ANSWER_MILLISECONDS / 1000;
    return { text: "", error: `the hypervisor does not answer within ${seconds} s` };
  }
  if (error !== undefined) return { text: "", error: `virsh cannot be run: ${error.message}` };
  return status === 0 ? { text: stdout } : { text: "", error: lastLine(stderr) };
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").replace(/^error:\s*/, "");
}
