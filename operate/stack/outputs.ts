import { z } from "zod";
import { vendor } from "../../config/schema/tunnel";
import { Refusal } from "../command";
import { runPulumi, type StackSelection } from "./pulumi";

const sshHost = z.object({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  /** Absent: the SSH agent's keys. */
  identityFile: z.string().optional(),
  hostKey: z.string(),
});

const sshTo = sshHost.extend({ proxy: sshHost.optional() });

const gateway = z.object({
  name: z.string(),
  address: z.string(),
  publicAddress: z.string(),
  /** Type and key, as in known_hosts. */
  hostKey: z.string(),
  daemon: z.enum(["iked", "isakmpd"]),
  ikeVersion: z.union([z.literal(1), z.literal(2)]),
  interface: z.string(),
  behindNat: z.boolean(),
  ssh: z.object({
    user: z.string(),
    port: z.number(),
    /** Absent: the SSH agent's keys. */
    identityFile: z.string().optional(),
    proxy: sshHost.optional(),
  }),
});

const forward = z.object({
  name: z.enum(["udp-500", "udp-4500", "esp"]),
  machine: z.string(),
  protocol: z.enum(["udp", "esp"]),
  port: z.number().optional(),
  outside: z.object({ interface: z.string(), address: z.string() }),
  target: z.string(),
  sources: z.array(z.string()),
});

const route = z.object({ machine: z.string(), network: z.string(), via: z.string() });

const perimeter = z.object({
  driver: z.enum(["nftables", "iptables", "pf", "manual"]).optional(),
  /** Absent for a firewall that the stack does not drive. */
  ssh: sshTo.optional(),
  forwards: z.array(forward),
  routes: z.array(route),
  hosts: z.array(z.object({ name: z.string(), ssh: sshTo, routes: z.array(route) })),
});

const algorithms = {
  encryption: z.string(),
  integrity: z.string().optional(),
  group: z.string(),
  lifetime: z.number(),
};

const selector = z.object({
  local: z.string(),
  remote: z.string(),
  protocol: z.enum(["tcp", "udp", "icmp", "icmp6", "gre"]).optional(),
  localPort: z.number().optional(),
  remotePort: z.number().optional(),
});

const tunnel = z.object({
  name: z.string(),
  ikeVersion: z.union([z.literal(1), z.literal(2)]),
  peer: z.string(),
  vendor: vendor.optional(),
  kind: z.enum(["policy", "route"]).optional(),
  local: z.array(z.string()),
  remote: z.array(z.string()),
  /** What the two ends negotiate, seen from the gateway; absent: every local with every remote. */
  selectors: z.array(selector).optional(),
  sec: z
    .object({ unit: z.number(), address: z.string(), peerAddress: z.string(), mtu: z.number() })
    .optional(),
  localId: z.string(),
  remoteId: z.string(),
  mode: z.enum(["active", "passive"]),
  phase1: z.object({ ...algorithms, prf: z.string() }),
  phase2: z.object({ ...algorithms, esn: z.boolean().optional() }),
  enabled: z.boolean(),
  probe: z.object({ source: z.string(), target: z.string() }).optional(),
});

const outputs = z.object({
  gateway,
  tunnels: z.array(tunnel),
  /** Absent: deployed before there was one. */
  perimeter: perimeter.optional(),
});

/** The stack's outputs that the operator's commands work from. No secret. */
export type StackOutputs = z.output<typeof outputs>;
export type GatewayOutput = StackOutputs["gateway"];
export type PerimeterOutput = z.output<typeof perimeter>;
export type SshOutput = z.output<typeof sshTo>;
export type DeclaredTunnel = StackOutputs["tunnels"][number];

/**
 * Reads what the stack last deployed, from whatever backend the project uses. The project is the
 * directory of this clone, or the one that the environment variable GATEWAY_PROJECT names.
 *
 * @throws Refusal if there is no engine, no such stack, no passphrase, or nothing is deployed.
 */
export async function readOutputs(selection: StackSelection): Promise<StackOutputs> {
  return parseOutputs(await stackOutput(selection, []), selection.stack);
}

/**
 * The preshared keys by tunnel name. Secret: for standard input and 0600 files only.
 *
 * @throws Refusal as {@link readOutputs}.
 */
export async function readPresharedKeys(
  selection: StackSelection,
): Promise<Readonly<Record<string, string>>> {
  const json = await stackOutput(selection, ["--show-secrets"]);
  const parsed = z
    .object({ presharedKeys: z.record(z.string(), z.string()) })
    .safeParse(JSON.parse(json));
  // The value in question is a secret, so the message says nothing of it.
  if (!parsed.success) throw notDeployed(selection.stack);
  return parsed.data.presharedKeys;
}

function stackOutput(selection: StackSelection, more: readonly string[]): Promise<string> {
  return runPulumi(["stack", "output", "--json", ...more], selection);
}

/**
 * @param json what `pulumi stack output --json` printed
 * @throws Refusal if the outputs are absent or of another version of this program.
 */
export function parseOutputs(json: string, stack?: string): StackOutputs {
  const found: unknown = JSON.parse(json);
  if (typeof found !== "object" || found === null || !("gateway" in found)) {
    throw notDeployed(stack);
  }
  const parsed = outputs.safeParse(found);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new Refusal(
    `the stack's output ${at} is not what this version reads: bring it up to date with pulumi up`,
  );
}

function notDeployed(stack: string | undefined): Refusal {
  const which = stack === undefined ? "the selected stack" : `stack ${stack}`;
  return new Refusal(`${which} is not deployed: bring it up with pulumi up`);
}
