import { shellLine } from "./shellWord";

/** A host that is reached over SSH, and the only key it may show. */
export interface SshTarget {
  /** What messages call it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Type and key, as in known_hosts. */
  readonly hostKey: string;
  /** Path of the private key. Default: the SSH agent's keys. */
  readonly identityFile?: string | undefined;
  /** A host to go through. Default: straight. */
  readonly jump?: SshTarget | undefined;
}

/** The alias under which a host's key stands in the known_hosts file, whatever its address. */
const alias = ({ host, port }: SshTarget): string => `gateway-${host}-${port}`;

/** The text of a known_hosts file that holds the pinned keys, and no other. */
export function knownHosts(target: SshTarget): string {
  const hosts = target.jump === undefined ? [target] : [target, target.jump];
  return hosts.map((host) => `${alias(host)} ${host.hostKey}\n`).join("");
}

/**
 * The arguments of ssh(1) before the command. Nothing of the operator's own configuration counts:
 * what is reached, how, and which key it shows is the stack's alone.
 */
export function sshArguments(
  target: SshTarget,
  knownHostsFile: string,
  terminal = false,
): string[] {
  return [
    ...options(target, knownHostsFile),
    ...(target.jump === undefined
      ? []
      : ["-o", `ProxyCommand=${proxyCommand(target, target.jump, knownHostsFile)}`]),
    terminal ? "-t" : "-T",
    "-p",
    String(target.port),
    "--",
    `${target.user}@${target.host}`,
  ];
}

function options(target: SshTarget, knownHostsFile: string): string[] {
  const settings = [
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    "GlobalKnownHostsFile=/dev/null",
    `HostKeyAlias=${alias(target)}`,
    "CheckHostIP=no",
    "UpdateHostKeys=no",
    "ControlMaster=no",
    "ControlPath=none",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ConnectTimeout=10",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "LogLevel=ERROR",
    ...(target.identityFile === undefined ? [] : ["IdentitiesOnly=yes"]),
  ];
  return [
    ...["-F", "none"],
    ...fileSetting("UserKnownHostsFile", knownHostsFile),
    ...(target.identityFile === undefined ? [] : fileSetting("IdentityFile", target.identityFile)),
    ...settings.flatMap((setting) => ["-o", setting]),
  ];
}

/** A setting of ssh(1) that names a file; `-i` would look for a file whose name has the doubled "%". */
export function fileSetting(name: "IdentityFile" | "UserKnownHostsFile", path: string): string[] {
  return ["-o", `${name}=${fileValue(path)}`];
}

/** The value of such a setting: a word, in quotes where needed, in which "%" begins a token (ssh_config(5)). */
export function fileValue(path: string): string {
  const text = withoutTokens(path).replace(/["\\]/g, "\\$&");
  return /^[\w@%:=./-]+$/.test(text) ? text : `"${text}"`;
}

const withoutTokens = (text: string): string => text.replaceAll("%", "%%");

/**
 * ssh's own -J would read the operator's configuration for the jump host, and pin nothing. ssh replaces
 * the tokens in the whole command and gives it to the operator's shell.
 */
function proxyCommand(target: SshTarget, jump: SshTarget, knownHostsFile: string): string {
  const destination = target.host.includes(":") ? `[${target.host}]` : target.host;
  const words = [
    "ssh",
    ...options(jump, knownHostsFile),
    ...["-p", String(jump.port), "-W", `${destination}:${target.port}`],
    ...["--", `${jump.user}@${jump.host}`],
  ];
  return withoutTokens(shellLine(words));
}
