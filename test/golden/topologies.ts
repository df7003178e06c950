import type { StackConfig } from "../../config/schema";
import { edited, load, type Values, values, west } from "../unit/support/stack";

const algorithms = {
  phase1: { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" },
  phase2: { encryption: "aes-256", integrity: "hmac-sha2-512", group: "ecp256" },
};

const unNated: Values = { "network.publicAddress": "10.10.0.2", "network.behindNat": false };

const v6: Values = {
  network: {
    address: "2001:db8:10::2/64",
    gateway: "2001:db8:10::1",
    publicAddress: "2001:db8:10::2",
    behindNat: false,
  },
  "admin.networks": ["2001:db8:10::fe/128"],
  tunnels: [
    {
      ...west(),
      peer: "2001:db8:99::11",
      local: ["2001:db8:10::/64"],
      remote: ["2001:db8:20::/64"],
      localId: undefined,
      remoteId: undefined,
    },
  ],
};

/** One declaration per situation that gives the files another form. */
export const topologies: Record<string, Values> = {
  nated: {
    "tunnels.0.phase1": algorithms.phase1,
    "tunnels.0.phase2": algorithms.phase2,
    "tunnels.1.mode": "passive",
    "tunnels.1.localId": "gateway@example.net",
    "tunnels.1.phase2": { encryption: "aes-256-gcm", group: "none", lifetime: 1800 },
  },
  "un-nated": unNated,
  v6,
  "several-networks": {
    "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/16"],
    "tunnels.0.remote": ["10.20.1.0/24", "10.20.9.9/32"],
    "admin.networks": ["10.10.0.254/32", "10.11.3.0/24"],
    "admin.sshd": { allowUsers: ["root", "ops@10.11.3.0/24"], listen: ["10.10.0.2"] },
  },
  "disabled-tunnel": { "tunnels.1.enabled": false },
  "peer-in-remote": { "tunnels.0.remote": ["198.51.100.0/25"] },
  "only-disabled": { "tunnels.0.enabled": false, "tunnels.1.enabled": false },
  "no-tunnels": { tunnels: [] },
};

export const daemons = ["iked", "isakmpd"] as const;

export function topology(name: string, daemon: string): StackConfig {
  return load(edited({ ...topologies[name], "ike.daemon": daemon }, values())).config;
}

/** A key of the form the stack generates; no tunnel anywhere uses it. */
export const GOLDEN_PSK = "GoldenGoldenGoldenGoldenGoldenGoldenGolden42";
