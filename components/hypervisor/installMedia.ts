import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { IsoSource, StackConfig } from "../../config/schema";
import { type Media, media, type WrittenValues } from "../../contract/media";
import { expandHome } from "../ssh";
import { VIRSH, virshVariables } from "../../hypervisor/script";

export interface InstallMediaArgs {
  readonly config: StackConfig;
  readonly source: IsoSource;
  /** The disk's id: a new disk is installed anew. */
  readonly volumeId: pulumi.Input<string>;
  /** The installation that is asked for is there already: nothing is made for a changed value. */
  readonly installed: boolean;
}

// The values come as JSON on standard input. A path may have blanks: each stands in quotes.
const MAKE = `set -euf
for url in $MIRRORS; do set -- "$@" --mirror "$url"; done
exec ./scripts/gateway iso build --json --values - --release "$RELEASE" \\
  --uri "$LIBVIRT_URI" --pool "$POOL" --prefix "$PREFIX" \\
  \${ISO:+--iso "$ISO"} \${SIGNATURE:+--signature "$SIGNATURE"} \${KEY:+--key "$KEY"} \${CONFIG_CD:+"$CONFIG_CD"} "$@"`;

// An installation that went well has removed its CDs itself.
const REMOVE = `${VIRSH}
set -f
v vol-list "$POOL" | while read -r volume _; do
  case $volume in
    "$PREFIX"-install[0-9][0-9]*.iso | "$PREFIX"-config[0-9][0-9]-*.iso)
      v vol-delete --pool "$POOL" "$volume" ;;
  esac
done`;

/**
 * The CD that installs the gateway: OpenBSD's, verified, with the answers on it, in the media pool.
 * Made before anything is done to the gateway that it is to replace; its name holds a hash of all
 * that went into it.
 */
export class InstallMedia extends pulumi.ComponentResource {
  public readonly media: pulumi.Output<Media>;

  constructor(name: string, args: InstallMediaArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:hypervisor:InstallMedia", name, {}, opts);
    const { hypervisor, machine } = args.config;
    const where = {
      LIBVIRT_URI: hypervisor.uri,
      POOL: hypervisor.mediaPool ?? "",
      PREFIX: machine.name,
    };
    const removal = new command.local.Command(
      `${name}-removal`,
      {
        delete: REMOVE,
        environment: { ...where, ...virshVariables(hypervisor) },
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );
    const made = new command.local.Command(
      name,
      {
        create: MAKE,
        environment: {
          ...where,
          ...choices(args.source),
          SIGNED: args.installed ? "" : signedList(args.source),
        },
        // What is ignored need not be read either: the key's file may be elsewhere by now.
        stdin: args.installed ? "" : JSON.stringify(answers(args.config)),
        logging: "stderr",
        addPreviousOutputInEnv: false,
        triggers: [args.source.generation, args.volumeId],
      },
      {
        parent: this,
        dependsOn: removal,
        ...(args.installed ? { ignoreChanges: ["create", "environment", "stdin"] } : {}),
      },
    );
    this.media = pulumi.unsecret(made.stdout).apply((json) => media.parse(JSON.parse(json)));
    this.registerOutputs({ media: this.media });
  }
}

function choices(source: IsoSource): Record<string, string> {
  const path = (file: string | undefined): string => (file === undefined ? "" : expandHome(file));
  return {
    RELEASE: source.release,
    ISO: path(source.file),
    SIGNATURE: path(source.signature),
    KEY: path(source.key),
    MIRRORS: (source.mirrors ?? []).join(" "),
    CONFIG_CD: source.path === "stock" ? "--config-cd" : "",
  };
}

/** Another ISO under the same path has another list; the program itself has no use for it. */
function signedList({ file, signature }: IsoSource): string {
  if (file === undefined) return "";
  const list = expandHome(signature ?? join(dirname(file), "SHA256.sig"));
  return existsSync(list) ? createHash("sha256").update(readFileSync(list)).digest("hex") : "";
}

/** What `gateway iso build --values` takes. */
function answers({ machine, network, admin }: StackConfig): WrittenValues {
  const [first = "", ...more] = admin.publicKeys ?? [publicHalf(admin.identityFile ?? "")];
  return {
    hostname: machine.name,
    interfaces: [{ name: network.interface, address: network.address }],
    ...onFirstArm(network),
    dns: network.dns,
    sshPublicKeys: [first, ...more],
    diskGiB: machine.diskGiB,
  };
}

/** The installer has the first arm alone, and refuses a router that is on another one. */
function onFirstArm({ outside, gateway }: StackConfig["network"]): { gateway?: string } {
  return outside ? {} : { gateway };
}

/** `ssh-keygen` puts it beside the private one. */
export function publicHalf(identityFile: string): string {
  return readFileSync(publicHalfFile(identityFile), "utf8").trim();
}

export function publicHalfFile(identityFile: string): string {
  return `${expandHome(identityFile)}.pub`;
}
