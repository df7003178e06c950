import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Daemon, StackConfig } from "../../config/schema";
import type { Errata } from "../../parse/patches";
import { ENC0 } from "../../render/hostnameIf";
import { ikeGlobals } from "../../render/ikeGlobals";
import { pfConf, pfUserConf, USER_ANCHOR, USER_FILE } from "../../render/pfConf";
import { rcConfLocal } from "../../render/rcConfLocal";
import { sshdConf } from "../../render/sshdConf";
import { sysctlConf, sysctls } from "../../render/sysctlConf";
import { watchSettings } from "../../render/watchSettings";
import { dotfiles } from "./dotfiles";
import { GWCTL, gwctlScript } from "./gwctlScript";
import { type AppliedSystem, appliedFile, urns } from "./ledger";
import { mirror } from "./mirror";
import { type MakeStep, onTrial } from "./onTrial";
import { packages } from "./packages";
import { patches } from "./patches";
import { RemoteStep, type HostLifetime } from "./remoteStep";
import { file } from "./step";

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
  public readonly patches: pulumi.Output<Errata> | undefined;
  /** What these steps leave on the gateway. */
  public readonly applied: pulumi.Output<AppliedSystem>;

  constructor(name: string, args: SystemArgs, opts: pulumi.ComponentResourceOptions) {
    super("openbsd-ipsec-gateway:openbsd:System", name, {}, opts);
    const { config } = args;

    const gwctl = this.step("gwctl", args, [], INSTALL_GWCTL, gwctlScript());
    const sysctl = this.step("sysctl", args, [gwctl], `${GWCTL} sysctl`, sysctlConf(config));
    const context = { connection: args.connection, lifetime: args.lifetime, parent: this };
    const enc0 = file(context, "enc0", {
      after: [gwctl],
      path: "/etc/hostname.enc0",
      mode: "0640",
      activate: "sh /etc/netstart enc0",
      text: ENC0,
    });
    // Before pf.conf, which loads it. It cannot lock anybody out: pf.conf decides on SSH before it.
    const rules = file(context, "pf-user", {
      after: [gwctl],
      path: USER_FILE,
      mode: "0600",
      check: `pfctl -a ${USER_ANCHOR} -nf "$1"`,
      activate: `pfctl -a ${USER_ANCHOR} -f ${USER_FILE}`,
      text: pfUserConf(config),
    });
    const trial: MakeStep = (stepName, after, run, stdin) =>
      this.step(stepName, args, after, run, stdin);
    const pf = onTrial("pf", pfConf(config), [...rules.steps], trial);
    // One after the other: what the one locks out, the other could not confirm.
    const sshd = onTrial("sshd", sshdConf(config), pf, trial);
    const files = [...dotfiles(context, config, [gwctl]), ...mirror(context, config, [gwctl])];
    const ofFiles = files.flatMap(({ steps }) => steps);
    const software = packages(context, config, [...pf, ...ofFiles]);
    const before = [sysctl, ...enc0.steps, ...sshd];
    const errata = patches(context, config, [...before, software, ...ofFiles]);
    const services = this.step(
      "services",
      args,
      [...before, ...errata.ready],
      `${GWCTL} services`,
      rcConfLocal(config.ike.daemon),
    );
    const ike = this.step(
      "ike",
      args,
      [services],
      `${GWCTL} ike ${config.ike.daemon}`,
      ikeGlobals(config),
    );
    const watch = watchSettings(config);
    const watchdog = this.step("watchdog", args, [services], `${GWCTL} watch set`, watch);
    this.ready = ike;
    this.patches = errata.report;
    this.applied = pulumi.output({
      files: [
        { path: GWCTL, mode: "0755", text: gwctlScript(), steps: [gwctl] },
        { path: "/etc/sysctl.conf", mode: "0644", text: sysctlConf(config), steps: [sysctl] },
        { path: "/etc/pf.conf", mode: "0600", text: pfConf(config), steps: pf },
        { path: "/etc/ssh/sshd_config", mode: "0644", text: sshdConf(config), steps: sshd },
        {
          path: globalsFile(config.ike.daemon),
          mode: "0600",
          text: ikeGlobals(config),
          steps: [ike],
        },
        { path: "/etc/gwctl.watch", mode: "0644", text: watch, steps: [watchdog] },
        enc0,
        rules,
        ...files,
      ].map(appliedFile),
      sysctls: { values: Object.fromEntries(sysctls(config)), steps: urns([sysctl]) },
      services: { daemon: config.ike.daemon, steps: urns([services, ike]) },
      watchdog: { enabled: config.watchdog.enabled, steps: urns([watchdog]) },
      pf: { steps: urns(pf) },
      ike: { steps: urns([ike]) },
      packages: { names: config.system.packages, steps: urns([software]) },
      patches: { policy: config.system.patches, steps: urns(errata.steps) },
    });
    this.registerOutputs();
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

function globalsFile(daemon: Daemon): string {
  return daemon === "iked" ? "/etc/iked/_globals.conf" : "/etc/isakmpd/isakmpd.conf";
}
