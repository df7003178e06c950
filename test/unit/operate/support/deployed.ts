import type { DeclaredTunnel, StackOutputs } from "../../../../operate/stack/outputs";

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
  more: Partial<DeclaredTunnel> = {},
): DeclaredTunnel {
  return {
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
  };
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
    interface: "vio0",
    behindNat: true,
    ssh: { user: "root", port: 22, identityFile: ".lab/keys/admin" },
  },
  tunnels: [declared("west", 1), declared("east", 2)],
};
