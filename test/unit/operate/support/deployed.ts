import { localNetworks, type Paired, remoteNetworks } from "../../../../config/pairs";
import type { PerimeterOutput } from "../../../../contract/perimeter";
import type { StackOutputs } from "../../../../contract/stackOutputs";
import {
  type DeclaredTunnel,
  deployedTunnel,
  type DeployedTunnel,
} from "../../../../contract/tunnel";

const phase1 = {
  encryption: "aes-256",
  integrity: "hmac-sha2-256",
  prf: "hmac-sha2-256",
  group: "ecp256",
  lifetime: 28800,
};
const phase2 = {
  encryption: "aes-256",
  integrity: "hmac-sha2-512",
  group: "ecp256",
  lifetime: 3600,
};

/** A tunnel of the test stack, by its place in the list of sites. */
export function declared(
  name: string,
  site: number,
  more: Partial<DeployedTunnel> = {},
): DeclaredTunnel {
  return deployedTunnel.parse({
    name,
    ikeVersion: 2,
    peer: `198.51.100.${site + 10}`,
    local: ["10.10.0.0/24"],
    remote: [`10.20.${site}.0/24`],
    localId: "gw-test.example.net",
    remoteId: `${name}.example.net`,
    mode: "active",
    phase1,
    phase2,
    enabled: true,
    probe: { source: "10.10.0.2", target: `10.20.${site}.100` },
    ...more,
  });
}

const forward = (name: "udp-500" | "udp-4500", port: number) => ({
  name,
  machine: "gw-test",
  protocol: "udp" as const,
  port,
  outside: { interface: "ext0", address: "198.51.100.1" },
  target: "10.10.0.2",
  sources: ["198.51.100.11", "198.51.100.12"],
});

/** Its firewall, and one LAN host with a route. */
export const around: PerimeterOutput = {
  driver: "nftables",
  ssh: { host: "10.10.0.1", port: 22, user: "root", hostKey: "ssh-ed25519 AAAAperimeter" },
  forwards: [forward("udp-500", 500), forward("udp-4500", 4500)],
  routes: [{ machine: "gw-test", network: "10.20.1.0/24", via: "10.10.0.2" }],
  hosts: [
    {
      name: "files",
      ssh: {
        host: "10.10.0.5",
        port: 22,
        user: "root",
        hostKey: "ssh-ed25519 AAAAfiles",
        proxy: { host: "10.10.0.1", port: 2222, user: "jump", hostKey: "ssh-ed25519 AAAAjump" },
      },
      routes: [{ machine: "gw-test", network: "10.20.0.0/16", via: "10.10.0.2" }],
    },
  ],
};

/** What `pulumi stack output --json` prints of them: each tunnel's networks also as two lists. */
export function exported({
  tunnels,
  ...rest
}: Pick<StackOutputs, "tunnels"> & Record<string, unknown>): string {
  return JSON.stringify({ ...rest, tunnels: tunnels.map(withLists) });
}

export function withLists<T extends Paired>(tunnel: T) {
  return { ...tunnel, local: localNetworks(tunnel), remote: remoteNetworks(tunnel) };
}

/** The outputs of the test stack. */
export const deployed: StackOutputs = {
  gateway: {
    name: "gw-test",
    address: "10.10.0.2",
    publicAddress: "198.51.100.1",
    hostKey: "ssh-ed25519 AAAAhostkey",
    daemon: "iked",
    ikeVersion: 2,
    deadPeerSeconds: 30,
    interface: "vio0",
    behindNat: true,
    ssh: { user: "root", port: 22, identityFile: ".lab/keys/admin" },
  },
  tunnels: [declared("west", 1), declared("east", 2)],
};
