import type { Values } from "../../support/stack";
import type { Case } from "./case";

const road: Values = {
  "tunnels.0.peer": "any",
  "tunnels.0.mode": "passive",
};
const two: Values = { ...road, "tunnels.1.peer": "any", "tunnels.1.mode": "passive" };
const phase1 = { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp384" };
const older = { ...phase1, group: "modp2048" };

export const anyPeerCases: Record<string, Case[]> = {
  GW190: [
    {
      refuses: { ...road, "tunnels.0.remoteId": undefined },
      accepts: road,
      at: "tunnels[0].remoteId",
      says: /is missing, and peer is any: write the identity that this peer sends/,
    },
  ],
  GW191: [
    {
      refuses: { ...road, "tunnels.0.mode": undefined },
      accepts: road,
      at: "tunnels[0].mode",
      says: /is active, and peer is any.*: write mode: passive/,
    },
  ],
  GW192: [
    {
      refuses: { ...road, "ike.daemon": "isakmpd" },
      accepts: road,
      at: "tunnels[0].peer",
      says: /isakmpd cannot tell such peers apart: write the peer's address, or ike\.daemon: iked/,
    },
  ],
  GW193: [
    {
      refuses: { ...two, "tunnels.1.phase1": phase1 },
      accepts: { ...two, "tunnels.0.phase1": phase1, "tunnels.1.phase1": phase1 },
      at: "tunnels[1].phase1",
      says: /has another phase 1 than tunnels\[0\], and both have peer: any/,
    },
    {
      refuses: { ...two, "tunnels.0.phase1": phase1, "tunnels.1.phase1": [phase1, older] },
      accepts: { ...two, "tunnels.0.phase1": [phase1, older], "tunnels.1.phase1": [phase1, older] },
      at: "tunnels[1].phase1",
      says: /has another phase 1 than tunnels\[0\]/,
    },
    {
      refuses: { ...two, "tunnels.1.profile": "compat" },
      accepts: { ...two, "tunnels.1.profile": "compat", "tunnels.1.enabled": false },
      at: "tunnels[1]",
      says: /has another phase 1/,
    },
  ],
};
