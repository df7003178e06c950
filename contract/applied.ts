import { z } from "zod";
import { sections } from "../config/schema";
import type { Value } from "./types";

/** The URNs of the steps that make a part anew. */
const steps = z.array(z.string());

const file = z.object({
  path: z.string(),
  /** Of the whole text, hex. Of a tunnel's file it covers the key, so the output is a secret. */
  sha256: z.string(),
  /** Such as 0644. */
  mode: z.string(),
  steps,
});

const tunnel = z.object({
  name: z.string(),
  enabled: z.boolean(),
  /** The tunnel's own file first. */
  files: z.array(file),
});

/** What the last `pulumi up` left on the gateway, which `gateway drift` compares the gateway with. */
export const applied = z.object({
  files: z.array(file),
  /** Name to value. */
  sysctls: z.object({ values: z.record(z.string(), z.string()), steps }),
  /** The IKE daemon that is enabled; the other one is off. */
  services: z.object({ daemon: sections.ike.shape.daemon.unwrap(), steps }),
  watchdog: z.object({ enabled: z.boolean(), steps }),
  /** The steps that write the daemon's settings and its main file. */
  ike: z.object({ steps }),
  pf: z.object({ steps }),
  /** The daemon's own key, where tunnels need it: of the PEM text of its public half. */
  ownKey: z.object({ daemon: z.string(), sha256: z.string(), steps }).optional(),
  tunnels: z.array(tunnel),
  packages: z.object({ names: z.array(z.string()), steps }),
  patches: z.object({ policy: z.enum(["off", "report", "apply"]), steps }),
});

export type Applied = Value<typeof applied>;
export type AppliedFile = Value<typeof file>;
export type AppliedTunnel = Value<typeof tunnel>;
