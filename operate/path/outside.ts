import { fileSetting } from "../../render/sshArguments";
import { UsageError } from "../command";
import { type Finished, run, type Tool } from "../run";

const SSH: Tool = { program: "ssh", install: "apt-get install openssh-client" };

/** A host of the operator's somewhere outside; the stack knows nothing of it, its operator does. */
export interface Outside {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly identityFile?: string | undefined;
  readonly knownHosts?: string | undefined;
}

/** @throws UsageError if it is not USER@HOST or USER@HOST:PORT */
export function parseOutside(text: string): Pick<Outside, "user" | "host" | "port"> {
  const [, user, host, port = "22"] =
    /^([\w.-]{1,32})@([\w.-]{1,253})(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (user === undefined || host === undefined || host.startsWith("-") || user.startsWith("-")) {
    throw new UsageError(`--from ${text}: write USER@HOST or USER@HOST:PORT`);
  }
  return { user, host, port: Number(port) };
}

/** Runs a script there. Its host key must be known to the operator; nothing is asked, nothing learned. */
export function runOutside(
  outside: Outside,
  script: string,
  signal: AbortSignal,
): Promise<Finished> {
  const { user, host, port, identityFile, knownHosts } = outside;
  const args = [
    ...["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=10"],
    ...["-o", "UpdateHostKeys=no", "-o", "VerifyHostKeyDNS=no", "-o", "ControlPath=none"],
    ...["-o", "LogLevel=ERROR", "-o", "ClearAllForwardings=yes", "-o", "ForwardAgent=no"],
    ...(identityFile === undefined
      ? []
      : [...fileSetting("IdentityFile", identityFile), "-o", "IdentitiesOnly=yes"]),
    ...(knownHosts === undefined ? [] : fileSetting("UserKnownHostsFile", knownHosts)),
    ...["-T", "-p", String(port), "--", `${user}@${host}`, "sh -s"],
  ];
  const names = ["HOME", "SSH_AUTH_SOCK"] as const;
  const env = Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return run(SSH, args, { input: script, env, signal });
}
