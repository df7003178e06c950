import * as pulumi from "@pulumi/pulumi";
import { nextHop } from "../../config/arms";
import type { Connection, DrivenPerimeter, StackConfig } from "../../config/schema";
import { foundationScript, forwardScript } from "../../render/perimeter/drivers";
import { forwardsFor } from "../../render/perimeter/forwards";
import type { Route } from "../../contract/perimeter";
import { routeName, routesFor } from "../../render/perimeter/routes";
import { routeScript } from "../../render/perimeter/routeScript";
import { HostKey } from "../ssh";
import { describePerimeter, type PerimeterDescription, type SshDescription } from "./describe";
import { type Host, HostStep, type HostStepArgs } from "./hostStep";
import { PortForward } from "./portForward";
import { stepMarks } from "./readBack";
import { StaticRoute } from "./staticRoute";

interface Around {
  readonly parent: pulumi.Resource;
  /** What comes before: the gateway is complete whatever is wrong with the machines around it. */
  readonly dependsOn: pulumi.Resource[];
}

/** One script on a machine, as a resource of this name. */
interface Step {
  readonly name: string;
  readonly script: string;
  readonly kind: new (
    name: string,
    args: HostStepArgs,
    opts: pulumi.CustomResourceOptions,
  ) => pulumi.Resource;
}

/**
 * What the machines around the gateway need: the forwards on the perimeter firewall, and the routes
 * there and on LAN hosts.
 */
export function perimeter(config: StackConfig, around: Around): PerimeterDescription {
  const firewall = config.perimeter;
  const hosts = config.lan.routes.map(({ name, connection, networks }) => {
    const { host, ssh } = reach(name, connection, around);
    const routes = routesFor(config, networks ?? true, nextHop(config.network, connection.host));
    takeSteps(name, { host, ssh }, routeSteps(name, `${name}-`, routes), around);
    return { name, ssh, routes };
  });
  const ssh =
    firewall === undefined || firewall.driver === "manual"
      ? undefined
      : drive(config, firewall, around);
  return describePerimeter(config, ssh, hosts);
}

function drive(config: StackConfig, firewall: DrivenPerimeter, around: Around): SshDescription {
  const { driver, connection, outside, routes } = firewall;
  const reached = reach("perimeter", connection, around, driver);
  const foundation = foundationScript(driver, config.machine.name, outside);
  const wanted = routes === undefined ? [] : routesFor(config, routes);
  const steps: Step[] = [
    { name: "perimeter", script: foundation, kind: HostStep },
    ...forwardsFor(config, firewall).map((forward) => ({
      name: forward.name,
      script: forwardScript(driver, forward),
      kind: PortForward,
    })),
    ...routeSteps("perimeter", "", wanted),
  ];
  takeSteps("perimeter", reached, steps, around);
  return reached.ssh;
}

/** @param prefix first part of the resources' names; a LAN host has one, the firewall has none */
function routeSteps(host: string, prefix: string, routes: readonly Route[]): Step[] {
  return routes.map((route) => ({
    name: `${prefix}${routeName(route)}`,
    script: routeScript(host, route),
    kind: StaticRoute,
  }));
}

/** One after the other: they share files there, and what is wrong with the machine is said once. */
function takeSteps(
  machine: string,
  { host, ssh }: { host: Host; ssh: SshDescription },
  steps: readonly Step[],
  { parent, dependsOn }: Around,
): void {
  if (steps.length === 0) return;
  const marks = stepMarks(machine, ssh, new Map(steps.map(({ name, script }) => [name, script])));
  steps.reduce<pulumi.Resource[]>((before, { name, script, kind }) => {
    const mark = marks.apply((all) => all[name] ?? "");
    return [new kind(name, { host, script, mark }, { parent, dependsOn: before })];
  }, dependsOn);
}

function reach(
  name: string,
  connection: Connection,
  { parent, dependsOn }: Around,
  kind = "",
): { host: Host; ssh: SshDescription } {
  const target = { ...connection };
  const key = new HostKey(name, { target }, { parent, dependsOn });
  const { host, port, user, identityFile, proxy } = connection;
  const proxyKey = key.jumpKey ?? pulumi.output("");
  return {
    host: { connection: key.connect(target), identity: `${kind} ${host}:${port}`.trim() },
    ssh: {
      host,
      port,
      user,
      identityFile,
      hostKey: key.publicKey,
      proxy: proxy && {
        host: proxy.host,
        port: proxy.port,
        user: proxy.user,
        identityFile: proxy.identityFile,
        hostKey: proxyKey,
      },
    },
  };
}
