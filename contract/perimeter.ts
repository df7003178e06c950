import { z } from "zod";
import type { Value } from "./types";

const sshHost = z.object({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  /** Absent: the SSH agent's keys. */
  identityFile: z.string().optional(),
  /** Type and key, as in known_hosts. */
  hostKey: z.string(),
});

/** How the operator's commands reach a machine around the gateway. */
export const ssh = sshHost.extend({ proxy: sshHost.optional() });

/** How they log in on the gateway itself; its address and its host key stand beside it. */
export const gatewaySsh = ssh.omit({ host: true, hostKey: true });

/** One port forward of the perimeter firewall. */
const forward = z.object({
  name: z.enum(["udp-500", "udp-4500", "esp"]),
  /** The machine it belongs to: two gateways may share one firewall. */
  machine: z.string(),
  protocol: z.enum(["udp", "esp"]),
  /** Destination port, with udp only. */
  port: z.number().optional(),
  /** Where the packets arrive. */
  outside: z.object({ interface: z.string(), address: z.string() }),
  /** The gateway's inside address, of the same family. */
  target: z.string(),
  /** Addresses and networks (CIDR) that may use it, or `any`; those of another family cannot. */
  sources: z.array(z.string()),
});

/** One static route on a host that is not the gateway: a network behind a tunnel, by the gateway. */
const route = z.object({
  /** The machine it leads to: two gateways may share one host. */
  machine: z.string(),
  /** CIDR, without host bits. */
  network: z.string(),
  /** The gateway's address, of the same family, on a network of that host. */
  via: z.string(),
});

const host = z.object({ name: z.string(), ssh, routes: z.array(route) });

/** What is declared around the gateway. No secret. */
export const perimeter = z.object({
  driver: z.enum(["nftables", "iptables", "pf", "manual"]).optional(),
  /** Absent for a firewall that the stack does not drive. */
  ssh: ssh.optional(),
  forwards: z.array(forward),
  /** Of the firewall itself. */
  routes: z.array(route),
  hosts: z.array(host),
  /** What to configure by hand on a firewall that the stack does not drive. */
  instructions: z.string().optional(),
});

export type SshOutput = Value<typeof ssh>;
export type Forward = Value<typeof forward>;
export type Route = Value<typeof route>;
export type HostOutput = Value<typeof host>;
export type PerimeterOutput = Value<typeof perimeter>;
