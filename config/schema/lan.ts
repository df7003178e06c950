import { z } from "zod";
import { connection } from "./connection";
import { name, networkCidr } from "./forms";
import { ALL_DEFAULTS } from "./meta";

const host = z
  .strictObject({
    name: name(31).meta({
      description: "Name of the host, first part of its routes' resource names.",
      examples: ["files"],
    }),
    connection,
    networks: z.array(networkCidr).min(1).optional().meta({
      description:
        "Networks to reach through the gateway. Each is routed while an enabled tunnel has a remote network in it.",
      absent: "the enabled tunnels' remote networks",
    }),
  })
  .meta({
    description: "One host, OpenBSD or Linux.",
    examples: [{ name: "files", connection: { host: "10.10.0.5" }, networks: ["10.20.0.0/16"] }],
  });

export const lan = z
  .strictObject({
    routes: z.array(host).default([]).meta({
      description:
        "Hosts that get static routes to the networks behind the tunnels ([routes](perimeter.md#routes)).",
    }),
  })
  .meta({
    description: "Machines on the gateway's network that the stack changes.",
    absent: ALL_DEFAULTS,
    examples: [{ routes: [{ name: "files", connection: { host: "10.10.0.5" } }] }],
  });

export type Lan = z.output<typeof lan>;
export type LanHost = Lan["routes"][number];
