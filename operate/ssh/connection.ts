import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { types } from "node:util";
import { Refusal } from "../command";
import { run, type Finished, type Tool } from "../run";
import { knownHosts, sshArguments } from "../../render/sshArguments";
import { SSH_FAILED, sshFailure } from "./failure";
import type { SshTarget } from "./target";

const SSH: Tool = { program: "ssh", install: "apt-get install openssh-client" };

export interface RemoteOptions {
  /** Standard input of the command, for what must not be an argument. Default: none. */
  readonly input?: string;
  readonly signal: AbortSignal;
}

/**
 * Runs one command on the host, in one connection, to its end.
 *
 * @param command for the host's shell; never holds a secret
 * @returns whatever exit status the command ended with
 * @throws Unreachable if it was not run: no way there, another host key, login refused.
 */
export async function runRemote(
  target: SshTarget,
  command: string,
  { input, signal }: RemoteOptions,
): Promise<Finished> {
  return withKnownHosts(target, async (file) => {
    const finished = await run(SSH, [...sshArguments(target, file), command], {
      env: ownEnvironment(),
      signal,
      ...(input !== undefined && { input }),
    });
    throwIfUnreached(target, finished.status, finished.stderr);
    return finished;
  });
}

/**
 * The same, but the command's output goes to this process's own as it comes, and with `terminal` the
 * operator's terminal is the command's.
 *
 * @param command "" for a login shell
 * @param options.through changes the output on its way
 * @param options.err gets what it says on standard error, where that is not the terminal
 * @returns the exit status
 */
export async function passThrough(
  target: SshTarget,
  command: string,
  options: {
    readonly terminal?: boolean;
    readonly through?: Transform;
    readonly err: (text: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const { terminal = false, through, err, signal } = options;
  return withKnownHosts(target, async (file) => {
    const child = spawn(
      SSH.program,
      [...sshArguments(target, file, terminal), ...(command === "" ? [] : [command])],
      {
        stdio: terminal ? "inherit" : ["ignore", through ? "pipe" : "inherit", "pipe"],
        env: ownEnvironment(),
        signal,
      },
    );
    const [status] = await Promise.all([
      ended(target, child, err),
      through && child.stdout ? written(child.stdout, through) : undefined,
    ]);
    return status;
  });
}

/** Whoever reads our output may have seen enough before the command ends: that is no failure. */
async function written(output: Readable, through: Transform): Promise<void> {
  try {
    await pipeline(output, through, process.stdout, { end: false });
  } catch (error) {
    if (!(types.isNativeError(error) && "code" in error && error.code === "EPIPE")) throw error;
  }
}

/**
 * Each line that the command prints, as it comes, until it ends.
 *
 * @returns the exit status
 */
export async function eachLine(
  target: SshTarget,
  command: string,
  onLine: (line: string) => void,
  { signal }: { readonly signal: AbortSignal },
): Promise<number> {
  return withKnownHosts(target, async (file) => {
    const child = spawn(SSH.program, [...sshArguments(target, file), command], {
      stdio: ["ignore", "pipe", "pipe"],
      env: ownEnvironment(),
      signal,
    });
    createInterface({ input: child.stdout }).on("line", onLine);
    return ended(target, child);
  });
}

/** @throws Unreachable if ssh ended without having run the command. */
function ended(
  target: SshTarget,
  child: ChildProcess,
  echo?: (text: string) => void,
): Promise<number> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    echo?.(text);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      const failure = status === SSH_FAILED ? sshFailure(target, stderr) : undefined;
      if (failure) reject(failure);
      else resolve(status ?? SSH_FAILED);
    });
  });
}

/**
 * The command's standard output where it ended well.
 *
 * @throws Refusal with the command's own words otherwise.
 */
export async function outputOf(
  target: SshTarget,
  command: string,
  options: RemoteOptions,
): Promise<string> {
  const { status, stdout, stderr } = await runRemote(target, command, options);
  if (status === 0) return stdout;
  const said = stderr.trim().split("\n").at(-1) ?? "";
  throw new Refusal(`${target.name}: ${said || `\`${command}\` ended with status ${status}`}`);
}

function throwIfUnreached(target: SshTarget, status: number, stderr: string): void {
  const failure = status === SSH_FAILED ? sshFailure(target, stderr) : undefined;
  if (failure) throw failure;
}

async function withKnownHosts<Result>(
  target: SshTarget,
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "gateway-ssh-"));
  try {
    const file = join(directory, "known_hosts");
    await writeFile(file, knownHosts(target), { mode: 0o600 });
    return await use(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** ssh finds the operator's agent and home by these, and needs nothing else. */
function ownEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "SSH_AUTH_SOCK", "TERM"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
