import { randomBytes } from "node:crypto";
import { shownAddress } from "../../config/nat";
import type { Tunnel } from "../network/outputs";
import { officeHostIn, type OfficeHost, type Site, siteOf } from "../network/sites";
import { contains } from "./ipv4";
import { outputOn } from "./namespaces";

/** A tunnel that leads to a site of the lab, with the hosts at both ends. */
export interface Path {
  readonly tunnel: Tunnel;
  readonly office: OfficeHost;
  readonly site: Site;
}

export interface Count {
  readonly sent: number;
  readonly received: number;
}

/** The enabled tunnels between hosts of the lab; all others are none of its business. */
export function labPaths(tunnels: readonly Tunnel[]): Path[] {
  return tunnels.flatMap((tunnel) => {
    const site = siteOf(tunnel);
    if (!tunnel.enabled || site === undefined) return [];
    const office = officeHostIn(tunnel.local);
    const covered = tunnel.pairs.some(
      ({ local, remote }) =>
        office !== undefined && contains(local, office.address) && contains(remote, site.host),
    );
    return covered && office !== undefined ? [{ tunnel, office, site }] : [];
  });
}

/** What the pings of this run are filled with, so that they are found again wherever they leak. */
export const newPattern = (): Buffer => randomBytes(16);

/**
 * Pings from the site's host to the office's and back, at the same time. The site knows the office by the address
 * that NAT into the tunnel gives it; behind one address for all it has none, and only its own pings can go.
 */
export async function pingBothWays(
  { tunnel, office, site }: Path,
  count: number,
  pattern: Buffer,
): Promise<Count> {
  const shown = shownAddress(tunnel.nat, office.address);
  const [inward, outward] = await Promise.all([
    shown === undefined
      ? { sent: 0, received: 0 }
      : ping(`${site.name}-lan`, site.host, shown, count, pattern),
    ping(office.machine, office.address, site.host, count, pattern),
  ]);
  return {
    sent: inward.sent + outward.sent,
    received: inward.received + outward.received,
  };
}

async function ping(
  machine: string,
  from: string,
  to: string,
  count: number,
  pattern: Buffer,
): Promise<Count> {
  const options = ["-n", "-q", "-I", from, "-i", "0.2", "-W", "1", "-c", String(count)];
  const command = ["ping", ...options, "-p", pattern.toString("hex"), to];
  const output = await outputOn(machine, command);
  const summary = /(\d+) packets transmitted, (\d+) received/.exec(output);
  return { sent: Number(summary?.[1] ?? 0), received: Number(summary?.[2] ?? 0) };
}
