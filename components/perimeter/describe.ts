import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import type { Forward } from "../../render/perimeter/forward";
import { forwardsFor } from "../../render/perimeter/forwards";
import { instructions } from "../../render/perimeter/manual";
import { type Route, routesFor } from "../../render/perimeter/routes";

/** How the operator's commands reach a machine around the gateway. */
export interface SshDescription {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile?: string | undefined;
  readonly hostKey: pulumi.Output<string>;
  readonly proxy?: Omit<SshDescription, "proxy">;
}

export interface HostDescription {
  readonly name: string;
  readonly ssh: SshDescription;
  readonly routes: readonly Route[];
}

/** What is declared around the gateway; the stack's output `perimeter`. No secret. */
export interface PerimeterDescription {
  readonly driver?: string;
  /** Absent for a firewall that the stack does not drive. */
  readonly ssh?: SshDescription;
  readonly forwards: readonly Forward[];
  /** Of the firewall itself. */
  readonly routes: readonly Route[];
  readonly hosts: readonly HostDescription[];
  /** What to configure by hand on a firewall that the stack does not drive. */
  readonly instructions?: string;
}

export function describePerimeter(
  config: StackConfig,
  ssh: SshDescription | undefined,
  hosts: readonly HostDescription[],
): PerimeterDescription {
  const { perimeter } = config;
  if (perimeter === undefined) return { forwards: [], routes: [], hosts };
  const forwards = forwardsFor(config, perimeter);
  const routes =
    perimeter.driver === "manual" || perimeter.routes === undefined
      ? []
      : routesFor(config, perimeter.routes);
  return {
    driver: perimeter.driver,
    ...(ssh && { ssh }),
    forwards,
    routes,
    hosts,
    ...(perimeter.driver === "manual" && {
      instructions: instructions(perimeter.device, forwards),
    }),
  };
}
