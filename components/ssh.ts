import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

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
  /** How long to keep dialling a host that does not answer, in seconds. */
  readonly connectTimeout: number;
}

const PER_DIAL_SECONDS = 5;

/** A connection without a host key: only for the one step that learns it. */
export function unpinned(target: SshTarget): command.types.input.remote.ConnectionArgs {
  return {
    host: target.host,
    port: target.port,
    user: target.user,
    ...(target.identityFile === undefined
      ? {}
      : { privateKey: pulumi.secret(readFileSync(expandHome(target.identityFile), "utf8")) }),
    perDialTimeout: PER_DIAL_SECONDS,
    // The provider pauses up to 5 s between two dials.
    dialErrorLimit: Math.max(1, Math.ceil(target.connectTimeout / PER_DIAL_SECONDS)),
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

  constructor(name: string, args: HostKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:index:HostKey", name, {}, opts);
    this.publicKey =
      args.target.hostKey !== undefined
        ? pulumi.output(args.target.hostKey)
        : (args.told ?? pulumi.unsecret(this.learn(name, args).stdout.apply(keyOnly)));
    this.registerOutputs({ publicKey: this.publicKey });
  }

  private learn(name: string, { target, installation }: HostKeyArgs): command.remote.Command {
    return new command.remote.Command(
      `${name}-host-key`,
      {
        connection: unpinned(target),
        create: "cat /etc/ssh/ssh_host_ed25519_key.pub",
        logging: "none",
        addPreviousOutputInEnv: false,
        ...(installation === undefined ? {} : { triggers: [installation] }),
      },
      { parent: this, ignoreChanges: ["connection"] },
    );
  }
}

/** A connection that accepts exactly one host key. */
export function pinned(
  target: SshTarget,
  hostKey: pulumi.Input<string>,
): command.types.input.remote.ConnectionArgs {
  return { ...unpinned(target), hostKey };
}

/** The comment of a public key names the machine it was made on: not part of the identity. */
function keyOnly(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** `~/…` as the shell would read it. */
export function expandHome(path: string): string {
  return path.startsWith("~/") ? homedir() + path.slice(1) : path;
}
