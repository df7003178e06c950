import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as pulumi from "@pulumi/pulumi";
import { newMark } from "../newMark";
import { marks, questions } from "../../render/perimeter/marks";
import { knownHosts, type SshTarget, sshArguments } from "../../render/sshArguments";
import { expandHome } from "../ssh";
import type { SshDescription } from "./describe";

/** Longest time a machine may take to say what is on it, in milliseconds. */
const PATIENCE = 20_000;

/** Stands for every mark of a machine that does not say what is on it. */
const UNREAD = "unread";

/**
 * The mark of each script's step. While the machine has what the script made, it is the one that was
 * left there; else a new one, so that the step runs again. The engine itself compares declarations with
 * its state only: what was removed by hand would never come back.
 *
 * A machine that cannot be asked changes every mark: an update then says why it cannot be reached.
 */
export function stepMarks(
  name: string,
  ssh: SshDescription,
  scripts: ReadonlyMap<string, string>,
): pulumi.Output<Record<string, string>> {
  const { proxy, ...rest } = ssh;
  return pulumi.all([ssh.hostKey, proxy?.hostKey ?? ""]).apply(async ([hostKey, jumpKey]) => {
    const jump = proxy && target(`${name}-proxy`, { ...proxy, hostKey: jumpKey });
    const there = { ...target(name, { ...rest, hostKey }), ...(jump && { jump }) };
    const answer = await ask(there, questions(scripts)).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      void pulumi.log.warn(`${name}: what is on it cannot be read: ${why}`);
      return undefined;
    });
    const found = answer === undefined ? undefined : marks(answer);
    return Object.fromEntries(
      [...scripts.keys()].map((step) => [
        step,
        found === undefined ? UNREAD : (found.get(step) ?? newMark()),
      ]),
    );
  });
}

function target(
  name: string,
  from: {
    host: string;
    port: number;
    user: string;
    identityFile?: string | undefined;
    hostKey: string;
  },
): SshTarget {
  const { host, port, user, identityFile, hostKey } = from;
  const file = identityFile === undefined ? undefined : expandHome(identityFile);
  return { name, host, port, user, hostKey, identityFile: file };
}

/** @throws Error with ssh's own words */
async function ask(there: SshTarget, script: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "read-back-"));
  try {
    const file = join(directory, "known_hosts");
    await writeFile(file, knownHosts(there), { mode: 0o600 });
    const child = spawn("ssh", [...sshArguments(there, file), "sh -s"], {
      stdio: ["pipe", "pipe", "pipe"],
      // ssh gives the command that goes through a jump host to this shell.
      env: { ...process.env, SHELL: "/bin/sh" },
      timeout: PATIENCE,
    });
    const status = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    child.stdin.on("error", () => undefined).end(script);
    const [code, out, err] = await Promise.all([status, text(child.stdout), text(child.stderr)]);
    if (code === 0) return out;
    throw new Error(err.trim().split("\n").at(-1) ?? `ssh ended with ${String(code)}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
