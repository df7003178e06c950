import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** A jump host, by the same values. */
export type Jump = Omit<SshTarget, "proxy" | "connectTimeout">;

/** How to reach a host over SSH; the values of `admin` and `perimeter.connection`. */
export interface SshTarget {
  /** Address or name of the host. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Path of the private key to log in with. Default: the SSH agent of the operator. */
  readonly identityFile?: string | undefined;
  /** Host key as in authorized_keys (`ssh-ed25519 AAAA…`). Default: learned once, see HostKey. */
  readonly hostKey?: string | undefined;
  /** The jump host before it. */
  readonly proxy?: Jump | undefined;
  /** How long to keep dialling a host that does not answer, in seconds. */
  readonly connectTimeout: number;
}

/**
 * What a slow host may take for a login. A dial that is given up has cost it the key exchange all the
 * same, and several at once that are all given up and repeated get nowhere.
 */
const PER_DIAL_SECONDS = 10;

/** The longest pause of the provider between two dials; a host that refuses takes no more than that. */
const PAUSE_SECONDS = 5;

/** Seconds to keep dialling a jump host: it serves others and is expected to run. */
const JUMP_TIMEOUT = 30;

/**
 * A connection without the host's own key: only for the one step that learns it. A jump host's key is
 * known by then.
 */
export function unpinned(
  target: SshTarget,
  jumpKey?: pulumi.Input<string>,
): command.types.input.remote.ConnectionArgs {
  const { proxy } = target;
  const jump = proxy && { ...endpoint({ ...proxy, connectTimeout: JUMP_TIMEOUT }) };
  return {
    ...endpoint(target),
    ...(jump && { proxy: jumpKey === undefined ? jump : { ...jump, hostKey: jumpKey } }),
  };
}

function endpoint(target: SshTarget) {
  return {
    host: target.host,
    port: target.port,
    user: target.user,
    ...(target.identityFile === undefined
      ? {}
      : { privateKey: pulumi.secret(readFileSync(expandHome(target.identityFile), "utf8")) }),
    perDialTimeout: PER_DIAL_SECONDS,
    dialErrorLimit: Math.max(1, Math.ceil(target.connectTimeout / PAUSE_SECONDS)),
  };
}

export interface HostKeyArgs {
  readonly target: SshTarget;
  /** Identity of the installed system: a new one has a new key, which is learned again. */
  readonly installation?: pulumi.Input<string>;
  /** The key that the host told on its console, which is better than learning it. */
  readonly told?: pulumi.Output<string>;
}

/**
 * The host key every later connection is pinned to: the configured one, the one the host told on its
 * console, or the one it shows on the first connection (trust on first use), kept in the state from
 * then on.
 */
export class HostKey extends pulumi.ComponentResource {
  /** One line, `ssh-ed25519 AAAA…`. */
  public readonly publicKey: pulumi.Output<string>;
  /** That of the jump host, if there is one. */
  public readonly jumpKey: pulumi.Output<string> | undefined;

  constructor(name: string, args: HostKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:index:HostKey", name, {}, opts);
    const { hostKey, proxy } = args.target;
    this.jumpKey =
      proxy &&
      new HostKey(
        `${name}-proxy`,
        { target: { ...proxy, connectTimeout: JUMP_TIMEOUT } },
        { parent: this },
      ).publicKey;
    this.publicKey =
      hostKey !== undefined
        ? pulumi.output(hostKey)
        : (args.told ?? pulumi.unsecret(this.learn(name, args).stdout.apply(keyOnly)));
    this.registerOutputs({ publicKey: this.publicKey });
  }

  /** A connection that accepts exactly this key, through the jump host if there is one. */
  public connect(target: SshTarget): command.types.input.remote.ConnectionArgs {
    return { ...unpinned(target, this.jumpKey), hostKey: this.publicKey };
  }

  private learn(name: string, { target, installation }: HostKeyArgs): command.remote.Command {
    return new command.remote.Command(
      `${name}-host-key`,
      {
        connection: unpinned(target, this.jumpKey),
        create: "cat /etc/ssh/ssh_host_ed25519_key.pub",
        logging: "none",
        addPreviousOutputInEnv: false,
        ...(installation === undefined ? {} : { triggers: [installation] }),
      },
      { parent: this, ignoreChanges: ["connection"] },
    );
  }
}

/** The comment of a public key names the machine it was made on: not part of the identity. */
function keyOnly(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** `~/…` as the shell would read it. */
export function expandHome(path: string): string {
  return path.startsWith("~/") ? homedir() + path.slice(1) : path;
}
