import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

/** What runs a command line at a hypervisor. */
export type Shell = readonly [string, ...string[]];

/** Undefined if only libvirt reaches it: another transport than SSH. */
export function shellAt(uri: string): Shell | undefined {
  const { protocol, hostname, port, username, searchParams } = new URL(uri);
  if (!protocol.includes("+") && hostname === "") return ["sh", "-c"];
  if (!protocol.endsWith("+ssh:") || hostname === "") return undefined;
  const keyfile = searchParams.get("keyfile");
  const knownHosts = searchParams.get("knownhosts");
  return [
    "ssh",
    ...["-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15"],
    ...(keyfile === null ? [] : ["-i", keyfile]),
    ...(knownHosts === null ? [] : ["-o", `UserKnownHostsFile=${knownHosts}`]),
    ...(port === "" ? [] : ["-p", port]),
    username === "" ? hostname : `${decodeURIComponent(username)}@${hostname}`,
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
  const line = ["sh", "-c", script, "sh", ...words].map((word) => quoted(String(word))).join(" ");
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

const quoted = (word: string): string => `'${word.replace(/'/g, `'\\''`)}'`;
