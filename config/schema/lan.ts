import { z } from "zod";
import { connection } from "./connection";
import { name } from "./forms";

const host = z.strictObject({
  /** Name of the host, first part of its routes' resource names. */
  name: name(31).meta({ examples: ["files"] }),
  /** SSH to the host. */
  connection,
  /**
   * The networks to reach by the gateway, each as long as an enabled tunnel has a remote network in
   * it. Default: the enabled tunnels' remote networks, as declared there.
   */
  networks: z.array(z.string()).min(1).optional(),
});

export const lan = z.strictObject({
  /** Hosts on the gateway's network that get static routes to the networks behind the tunnels. */
  routes: z.array(host).default([]),
});

export type Lan = z.output<typeof lan>;
export type LanHost = Lan["routes"][number];
