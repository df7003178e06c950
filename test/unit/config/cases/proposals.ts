import type { Case } from "./case";

const now = { encryption: "aes-256-gcm", prf: "hmac-sha2-384", group: "ecp384" };
const old = { encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048" };
const nowEsp = { encryption: "aes-256-gcm", group: "modp2048" };
const oldEsp = { ...old, esn: false };
const until = { "tunnels.0.exception": { reason: "the old router", expires: "2027-03-31" } };

export const proposalCases: Record<string, Case[]> = {
  GW158: [
    {
      refuses: { "tunnels.0.phase1": [now, { ...old, lifetime: 3601 }] },
      accepts: { "tunnels.0.phase1": [now, old] },
      at: "tunnels[0].phase1[1].lifetime",
      says: /is not that of phase1\[0\], and iked has one for all proposals: write lifetime: 28800/,
    },
    {
      refuses: { "tunnels.0.phase2": [{ ...old, bytes: 2 ** 30 }, oldEsp] },
      accepts: { "tunnels.0.phase2": [old, oldEsp] },
      at: "tunnels[0].phase2[1].bytes",
      says: /write bytes: 1073741824/,
    },
    {
      refuses: { "tunnels.0.phase1": [now, old, now] },
      accepts: { "tunnels.0.phase1": [now, old] },
      at: "tunnels[0].phase1[2]",
      says: /is the same as phase1\[0\]: remove one of the two/,
    },
  ],
  GW159: [
    {
      refuses: { "tunnels.0.phase2": [{ ...old, group: "none" }, old], "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.phase2": old, "ike.daemon": "isakmpd" },
      at: "tunnels[0].phase2",
      says: /is a list, and a rule of ipsec\.conf\(5\) has one proposal of each phase/,
    },
  ],
  GW162: [
    {
      refuses: { "tunnels.0.phase1": [now, old] },
      accepts: { "tunnels.0.phase1": now },
      at: "tunnels[0].phase1[1]",
      says: /an older proposal that the peer may still choose: remove it once gateway status west/,
    },
  ],
  GW041: [
    {
      refuses: { "tunnels.0.phase1": [now, { ...old, group: "ecp9999" }] },
      accepts: { "tunnels.0.phase1": [now, old] },
      at: "tunnels[0].phase1[1].group",
      says: /ecp9999 is not known to iked/,
    },
  ],
  GW042: [
    {
      refuses: { "tunnels.0.phase2": [old, { ...nowEsp, integrity: "hmac-sha2-256" }] },
      accepts: { "tunnels.0.phase2": [old, nowEsp] },
      at: "tunnels[0].phase2[1].integrity",
      says: /is implied by aes-256-gcm: remove it/,
    },
  ],
  GW043: [
    {
      refuses: { "tunnels.0.phase1": [old, { ...now, prf: undefined }] },
      accepts: { "tunnels.0.phase1": [old, now] },
      at: "tunnels[0].phase1[1].prf",
      says: /is missing, and aes-256-gcm implies none/,
    },
  ],
  GW062: [
    {
      refuses: { "tunnels.0.phase1": [now, { ...old, group: "modp1024" }] },
      accepts: { "tunnels.0.phase1": [now, { ...old, group: "modp1024" }], ...until },
      at: "tunnels[0].phase1[1].group",
      says: /modp1024/,
    },
  ],
  GW067: [
    {
      refuses: { "tunnels.0.phase2": [old, { ...old, group: "none" }] },
      accepts: { "tunnels.0.phase2": [old, oldEsp] },
      at: "tunnels[0].phase2[1].group",
      says: /none gives up perfect forward secrecy/,
    },
  ],
};
