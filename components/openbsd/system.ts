import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import type { Patches } from "../../parse/patches";
import { ENC0 } from "../../render/hostnameIf";
import { ikeGlobals } from "../../render/ikeGlobals";
import { pfConf, pfUserConf, USER_ANCHOR, USER_FILE } from "../../render/pfConf";
import { rcConfLocal } from "../../render/rcConfLocal";
import { sshdConf } from "../../render/sshdConf";
import { sysctlConf } from "../../render/sysctlConf";
import { watchSettings } from "../../render/watchSettings";
import { dotfiles } from "./dotfiles";
import { GWCTL, gwctlScript } from "./gwctlScript";
import { mirror } from "./mirror";
import { type MakeStep, onTrial } from "./onTrial";
import { packages } from "./packages";
import { patches } from "./patches";
import { RemoteStep, type HostLifetime } from "./remoteStep";

const INSTALL_GWCTL = `set -eu
umask 022
mkdir -p /usr/local/sbin
cat > ${GWCTL}.new
ksh -n ${GWCTL}.new
chmod 0755 ${GWCTL}.new
mv -f ${GWCTL}.new ${GWCTL}`;

export interface SystemArgs {
  readonly connection: command.types.input.remote.ConnectionArgs;
  readonly config: StackConfig;
  readonly lifetime: HostLifetime;
}

/** All of the gateway but its tunnels: gwctl, sysctl, enc0, pf, sshd, services, IKE, watchdog. */
export class System extends pulumi.ComponentResource {
  /** The last step: tunnels start after it. */
  public readonly ready: pulumi.Resource;
  /** What the last run of the errata's steps found; undefined where the stack does not look. */
  public readonly patches: pulumi.Output<Patches> | undefined;

  constructor(name: string, args: SystemArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:openbsd:System", name, {}, opts);
    const { config } = args;

    const gwctl = this.step("gwctl", args, [], INSTALL_GWCTL, gwctlScript());
    const sysctl = this.step("sysctl", args, [gwctl], `${GWCTL} sysctl`, sysctlConf(config));
    const enc0 = this.put("enc0", args, [gwctl], {
      path: "/etc/hostname.enc0",
      mode: "0640",
      activate: "sh /etc/netstart enc0",
      text: ENC0,
    });
    // Before pf.conf, which loads it. It cannot lock anybody out: pf.conf decides on SSH before it.
    const rules = this.put("pf-user", args, [gwctl], {
      path: USER_FILE,
      mode: "0600",
      check: `pfctl -a ${USER_ANCHOR} -nf "$1"`,
      activate: `pfctl -a ${USER_ANCHOR} -f ${USER_FILE}`,
      text: pfUserConf(config),
    });
    const step: MakeStep = (stepName, after, run, stdin) =>
      this.step(stepName, args, after, run, stdin);
    const pf = onTrial("pf", pfConf(config), [rules], step);
    // One after the other: what the one locks out, the other could not confirm.
    const sshd = onTrial("sshd", sshdConf(config), [pf], step);
    const context = { connection: args.connection, lifetime: args.lifetime, parent: this };
    const files = [...dotfiles(context, config, [gwctl]), ...mirror(context, config, [gwctl])];
    const software = packages(context, config, [pf, ...files]);
    const errata = patches(context, config, [sysctl, enc0, sshd, software, ...files]);
    this.patches = errata.report;
    const services = this.step(
      "services",
      args,
      [sysctl, enc0, sshd, ...errata.ready],
      `${GWCTL} services`,
      rcConfLocal(config.ike.daemon),
    );
    this.ready = this.step(
      "ike",
      args,
      [services],
      `${GWCTL} ike ${config.ike.daemon}`,
      ikeGlobals(config),
    );
    this.step("watchdog", args, [services], `${GWCTL} watch set`, watchSettings(config));
    this.registerOutputs();
  }

  private put(
    name: string,
    args: SystemArgs,
    after: pulumi.Resource[],
    file: { path: string; mode: string; check?: string; activate: string; text: string },
  ): RemoteStep {
    const check = file.check === undefined ? "" : ` --check '${file.check}'`;
    const run = `${GWCTL} put ${file.path} ${file.mode} root:wheel${check} --activate '${file.activate}'`;
    return this.step(name, args, after, run, file.text);
  }

  private step(
    name: string,
    { connection, lifetime }: SystemArgs,
    after: pulumi.Resource[],
    run: string,
    stdin: string,
  ): RemoteStep {
    return new RemoteStep(
      name,
      { connection, run, stdin, lifetime },
      { parent: this, dependsOn: after },
    );
  }
}
