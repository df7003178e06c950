import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Daemon, StackConfig } from "../../config/schema";
import type { Errata } from "../../contract/stackOutputs";
import { hostnameEnc0 } from "../../render/hostnameIf";
import { ikeGlobals } from "../../render/ikeGlobals";
import { pfConf } from "../../render/pfConf";
import { pfUserConf, USER_FILE } from "../../render/pfUserConf";
import { rcConfLocal } from "../../render/rcConfLocal";
import { sshdConf } from "../../render/sshdConf";
import { sysctlConf, sysctls } from "../../render/sysctlConf";
import { watchSettings } from "../../render/watchSettings";
import { arms } from "./arms";
import { dotfiles } from "./dotfiles";
import { GWCTL, gwctlScript, installGwctl } from "./gwctlScript";
import { type AppliedSystem, appliedFile, urns } from "./ledger";
import { mirror } from "./mirror";
import { type MakeStep, onTrial } from "./onTrial";
import { packages } from "./packages";
import { patches } from "./patches";
import { RemoteStep, type HostLifetime } from "./remoteStep";
import { file } from "./step";

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

    const script = gwctlScript();
    const gwctl = this.step("gwctl", args, [], installGwctl(script), script);
    const context = { connection: args.connection, lifetime: args.lifetime, parent: this };
    const trial: MakeStep = (stepName, after, run, stdin, again) =>
      this.step(stepName, args, after, run, stdin, again);
    // One after the other: what the one locks out, the other could not confirm. And nothing else meanwhile:
    // on a slow gateway other logins take the minute that a confirmation has.
    const pf = onTrial("pf", pfConf(config), [gwctl], trial);
    const further = onTrial("pfuser", pfUserConf(config), pf, trial);
    const sshd = onTrial("sshd", sshdConf(config), further, trial);
    const sysctl = this.step("sysctl", args, sshd, `${GWCTL} sysctl`, sysctlConf(config));
    const enc0 = file(context, "enc0", {
      after: sshd,
      path: "/etc/hostname.enc0",
      mode: "0640",
      activate: `${GWCTL} interface enc0`,
      text: hostnameEnc0(config),
    });
    const networks = arms(context, config, sshd);
    const files = [...dotfiles(context, config, sshd), ...mirror(context, config, sshd)];
    const ofNetworks = networks.flatMap(({ steps }) => steps);
    const ofFiles = files.flatMap(({ steps }) => steps);
    const software = packages(context, config, [...ofFiles, ...ofNetworks]);
    const before = [sysctl, ...enc0.steps, ...ofNetworks];
    const errata = patches(context, config, [...before, software]);
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
        { path: GWCTL, mode: "0755", text: script, steps: [gwctl] },
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
        { path: USER_FILE, mode: "0600", text: pfUserConf(config), steps: further },
        enc0,
        ...networks,
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
    again?: pulumi.Input<string>,
  ): RemoteStep {
    return new RemoteStep(
      name,
      { connection, run, stdin, lifetime, ...(again !== undefined && { again }) },
      { parent: this, dependsOn: after },
    );
  }
}

function globalsFile(daemon: Daemon): string {
  return daemon === "iked" ? "/etc/iked/_globals.conf" : "/etc/isakmpd/isakmpd.conf";
}
