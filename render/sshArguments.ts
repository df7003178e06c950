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
      : ["-o", `ProxyCommand=${proxyCommand(target.jump, knownHostsFile)}`]),
    terminal ? "-t" : "-T",
    "-p",
    String(target.port),
    `${target.user}@${target.host}`,
  ];
}

function options(target: SshTarget, knownHostsFile: string): string[] {
  const settings = [
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${knownHostsFile}`,
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
    ...(target.identityFile === undefined ? [] : ["-i", target.identityFile]),
    ...settings.flatMap((setting) => ["-o", setting]),
  ];
}

// ssh's own -J would read the operator's configuration for the jump host, and pin nothing.
function proxyCommand(jump: SshTarget, knownHostsFile: string): string {
  const words = [
    "ssh",
    ...options(jump, knownHostsFile),
    ...["-p", String(jump.port), "-W", "%h:%p", `${jump.user}@${jump.host}`],
  ];
  return words.map((word) => (/^[\w@%:=./-]+$/.test(word) ? word : `'${word}'`)).join(" ");
}
