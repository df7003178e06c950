import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../config/schema";
import type { HostOutput, PerimeterOutput, SshOutput } from "../../contract/perimeter";
import type { Complete } from "../../contract/types";
import { forwardsFor } from "../../render/perimeter/forwards";
import { instructions } from "../../render/perimeter/manual";
import { routesFor } from "../../render/perimeter/routes";

/** The key is known only when the step that learns it has run. */
type Learned<T> = Omit<T, "hostKey"> & { readonly hostKey: pulumi.Output<string> };
type Whole = Complete<SshOutput>;

export type SshDescription = Omit<Learned<Whole>, "proxy"> & {
  readonly proxy: Learned<NonNullable<Whole["proxy"]>> | undefined;
};

export type HostDescription = Omit<Complete<HostOutput>, "ssh"> & { readonly ssh: SshDescription };

export type PerimeterDescription = Omit<Complete<PerimeterOutput>, "ssh" | "hosts"> & {
  readonly ssh: SshDescription | undefined;
  readonly hosts: readonly HostDescription[];
};

export function describePerimeter(
  config: StackConfig,
  ssh: SshDescription | undefined,
  hosts: readonly HostDescription[],
): PerimeterDescription {
  const { perimeter } = config;
  const nothing = { driver: undefined, ssh: undefined, forwards: [], routes: [] };
  if (perimeter === undefined) return { ...nothing, hosts, instructions: undefined };
  const { driver } = perimeter;
  const forwards = forwardsFor(config, perimeter);
  if (driver === "manual") {
    const { device } = perimeter;
    return { ...nothing, driver, forwards, hosts, instructions: instructions(device, forwards) };
  }
  const routes = perimeter.routes === undefined ? [] : routesFor(config, perimeter.routes);
  return { driver, ssh, forwards, routes, hosts, instructions: undefined };
}
