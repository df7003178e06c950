import type { Case } from "./case";

const cbc = { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" };
const weak = { "tunnels.0.phase2": { ...cbc, encryption: "3des" } };
const until = (expires: string) => ({
  "tunnels.0.exception": { reason: "peer is replaced in March", expires },
});

const long = { "tunnels.0.phase1": { ...cbc, lifetime: 86401 } };
const equal = { "tunnels.0.phase2": { ...cbc, lifetime: 28800 } };

export const strengthCases: Record<string, Case[]> = {
  GW044: [
    {
      refuses: equal,
      accepts: { "tunnels.0.phase2": { ...cbc, lifetime: 28799 } },
      at: "tunnels[0].phase2.lifetime",
      says: /28800 is not shorter than phase 1's 28800/,
    },
    {
      refuses: equal,
      accepts: { ...equal, ...until("2026-11-23") },
      at: "tunnels[0].phase2.lifetime",
      says: /or exception: {reason, expires} if the peer insists/,
    },
    {
      refuses: { "tunnels.0.phase2": { ...cbc, lifetime: 28801 }, ...until("2026-11-23") },
      accepts: { ...equal, ...until("2026-11-23") },
      at: "tunnels[0].phase2.lifetime",
      says: /28801 is longer than phase 1's 28800/,
    },
  ],
  GW061: [
    {
      refuses: { "tunnels.0.profile": "pq", "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.profile": "pq" },
      at: "tunnels[0].profile",
      says: /isakmpd has no profile pq: write one of modern, compat, legacy-v1/,
    },
    {
      refuses: { "ike.profile": "legacy-v1" },
      accepts: { "ike.profile": "compat" },
      at: "ike.profile",
      says: /iked has no profile legacy-v1/,
    },
  ],
  GW062: [
    {
      refuses: weak,
      accepts: { ...weak, ...until("2026-11-23") },
      at: "tunnels[0].phase2.encryption",
      says: /3des \(RFC 8221 2017-10: SHOULD NOT in ESP\): write profile: compat, or exception/,
    },
    {
      refuses: { "tunnels.0.profile": "legacy-v1", "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.profile": "compat", "ike.daemon": "isakmpd" },
      at: "tunnels[0].phase1.group",
      says: /modp1536 \(NIST/,
    },
    ...["hmac-sha1", "hmac-md5"].map((prf) => ({
      refuses: { "tunnels.0.phase1": { ...cbc, prf } },
      accepts: { "tunnels.0.phase1": { ...cbc, prf: "hmac-sha2-256" } },
      at: "tunnels[0].phase1.prf",
      says: /weaker than profile compat/,
    })),
  ],
  GW063: [
    {
      refuses: { ...weak, ...until("2026-11-22") },
      accepts: { ...weak, ...until("2026-11-23") },
      at: "tunnels[0].exception.expires",
      says: /was 2026-11-22, today is 2026-11-23/,
    },
  ],
  GW064: [
    {
      refuses: { ...weak, ...until("2027-03-31") },
      accepts: {},
      at: "tunnels[0].exception",
      says: /allows 3des .* until 2027-03-31: peer is replaced in March: move the peer/,
    },
    {
      refuses: { "tunnels.0.psk": "pskShort", ...long, ...until("2027-03-31") },
      accepts: {},
      at: "tunnels[0].exception",
      says: /allows phase1\.lifetime 86401, more than a day, a pre-shared key that is 5 characters long until 2027-03-31: .*: agree a shorter lifetime with the peer, agree a generated key/,
    },
  ],
  GW155: [
    {
      refuses: { "tunnels.0.psk": "pskShort" },
      accepts: { "tunnels.0.psk": "pskShort", ...until("2026-11-23") },
      at: "tunnels[0].psk",
      says: /the key it names is 5 characters long: let one be generated .* or write exception/,
    },
    {
      refuses: { "tunnels.0.psk": "pskHex" },
      accepts: { "tunnels.0.psk": "pskHex", ...until("2026-11-23") },
      at: "tunnels[0].psk",
      says: /is written in hexadecimal/,
    },
    {
      refuses: { "tunnels.0.psk": "pskSpaced" },
      accepts: { "tunnels.0.psk": "pskSpaced", ...until("2026-11-23") },
      at: "tunnels[0].psk",
      says: /has a space/,
    },
  ],
  GW156: [
    {
      refuses: long,
      accepts: { "tunnels.0.phase1": { ...cbc, lifetime: 86400 } },
      at: "tunnels[0].phase1.lifetime",
      says: /86401 is more than a day: write 86400 or less, or exception/,
    },
    {
      refuses: long,
      accepts: { ...long, ...until("2026-11-23") },
      at: "tunnels[0].phase1.lifetime",
      says: /more than a day/,
    },
  ],
  GW065: [
    {
      refuses: until("2027-03-31"),
      accepts: { ...weak, ...until("2027-03-31") },
      at: "tunnels[0].exception",
      says: /allows nothing that is in use: remove it/,
    },
  ],
  GW066: [
    {
      refuses: { "ike.daemon": "isakmpd" },
      accepts: { "ike.daemon": "iked" },
      at: "ike.daemon",
      says: /Historic \(RFC 9395\)/,
    },
  ],
  GW067: [
    {
      refuses: { "tunnels.0.phase2": { ...cbc, group: "none" } },
      accepts: { "tunnels.0.phase2": cbc },
      at: "tunnels[0].phase2.group",
      says: /gives up perfect forward secrecy/,
    },
  ],
  GW079: [
    {
      refuses: { "tunnels.0.phase2": { ...cbc, esn: false }, "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.phase2": { ...cbc, esn: false } },
      at: "tunnels[0].phase2.esn",
      says: /cannot be said to isakmpd: remove it/,
    },
  ],
  GW080: [
    {
      refuses: { "tunnels.0.psk": "pskGood", "tunnels.1.psk": "pskGood" },
      accepts: { "tunnels.0.psk": "pskGood" },
      at: "tunnels[1].psk",
      says: /is also the key of tunnels\[0\]/,
    },
  ],
  GW081: [
    {
      refuses: { "tunnels.0.psk": "pskDull" },
      accepts: { "tunnels.0.psk": "pskGood" },
      at: "tunnels[0].psk",
      says: /has only 4 different characters/,
    },
    {
      refuses: { "tunnels.0.psk": "pskDull" },
      accepts: { "tunnels.0.psk": "pskDull", ...until("2026-11-23") },
      at: "tunnels[0].psk",
      says: /or write exception/,
    },
    {
      refuses: { "tunnels.0.psk": "pskNamed" },
      accepts: { "tunnels.0.psk": "pskGood" },
      at: "tunnels[0].psk",
      says: /has a name of the tunnel in it/,
    },
  ],
  GW082: [
    {
      refuses: { "tunnels.0.psk": "pskZero", "tunnels.0.vendor": "aws" },
      accepts: { "tunnels.0.psk": "pskZero" },
      at: "tunnels[0].psk",
      says: /not one that aws takes: use 8 to 64/,
    },
  ],
  GW084: [
    {
      refuses: { "tunnels.0.psk": "pskGood", "tunnels.0.pskGeneration": 2 },
      accepts: { "tunnels.0.pskGeneration": 2 },
      at: "tunnels[0].pskGeneration",
      says: /changes nothing, as psk names the key/,
    },
  ],
  GW089: [
    {
      refuses: { "tunnels.0.phase2": { ...cbc, group: "modp2048" } },
      accepts: { "tunnels.0.phase2": { ...cbc, group: "ecp384" } },
      at: "tunnels[0].phase2.group",
      says: /modp2048 is not phase 1's ecp384, and is first used at a rekey/,
    },
  ],
};
