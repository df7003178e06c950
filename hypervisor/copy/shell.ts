import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readHypervisorUri } from "../../config/hypervisorUri";
import { shellLine } from "../../render/shellWord";
import { fileSetting } from "../../render/sshArguments";
import { localFile, sshTo, VirshFailed } from "../virsh";

/** What runs a command line at a hypervisor. */
export type Shell = readonly [string, ...string[]];

/**
 * Over SSH the operator's configuration may say how the hypervisor is reached, never that any host key
 * will do.
 *
 * @returns undefined if only libvirt's own socket leads there
 * @throws VirshFailed for a URI that a stack may not use
 */
export function shellAt(uri: string): Shell | undefined {
  const read = readHypervisorUri(uri);
  if ("what" in read) throw new VirshFailed(`${uri}: ${read.what}: ${read.fix}`);
  if (read.socket !== undefined) return undefined;
  if (read.ssh === undefined) return ["sh", "-c"];
  const { host, user, port, keyfile } = read.ssh;
  return [
    sshTo(uri) ?? "ssh",
    ...["-o", "BatchMode=yes"],
    ...(keyfile === undefined ? [] : fileSetting("IdentityFile", localFile(keyfile))),
    ...(port === undefined ? [] : ["-p", port]),
    ...["--", user === undefined ? host : `${user}@${host}`],
  ];
}

/** Starts a script for sh(1) there. The words are its $1 and so on; nothing of it may be secret. */
export function startAt(
  shell: Shell,
  script: string,
  words: readonly (string | number)[],
  signal: AbortSignal,
): ChildProcessWithoutNullStreams {
  const [program, ...args] = shell;
  const line = shellLine(["sh", "-c", script, "sh", ...words]);
  return spawn(program, [...args, line], { signal });
}

export interface Ended {
  /** Exit status; null if it was not started, or was killed. */
  readonly status: number | null;
  /** The end of what it complained about. */
  readonly said: string;
}

export function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      resolve({ status: null, said: error.message });
    });
    child.once("close", (status) => {
      resolve({ status, said: said.trim() });
    });
  });
}
