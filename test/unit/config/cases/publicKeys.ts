import { P256, P384, RSA_2048 } from "../../support/publicKeys";
import type { Case } from "./case";

const byKey = { "tunnels.0.auth": "publickey", "tunnels.0.peerKey": P256 };
const isakmpd = {
  "ike.daemon": "isakmpd",
  "tunnels.0.auth": "publickey",
  "tunnels.0.peerKey": RSA_2048,
};

export const publicKeyCases: Record<string, Case[]> = {
  GW150: [
    {
      refuses: { "tunnels.0.auth": "publickey" },
      accepts: byKey,
      at: "tunnels[0].peerKey",
      says: /is missing, and auth is publickey: write the peer's public key/,
    },
    {
      refuses: { "tunnels.0.peerKey": P256 },
      accepts: byKey,
      at: "tunnels[0].peerKey",
      says: /is not used, as auth is psk: write auth: publickey/,
    },
    {
      refuses: { ...byKey, "tunnels.0.psk": "pskGood" },
      accepts: { "tunnels.0.psk": "pskGood" },
      at: "tunnels[0].psk",
      says: /is not used, as auth is publickey: remove it/,
    },
    {
      refuses: { ...byKey, "tunnels.0.auth": "certificate", "tunnels.0.enabled": false },
      accepts: { "tunnels.0.auth": "certificate", "tunnels.0.enabled": false },
      at: "tunnels[0].peerKey",
      says: /is not used, as auth is certificate: remove it/,
    },
    {
      refuses: { ...byKey, "tunnels.0.pskGeneration": 2 },
      accepts: byKey,
      at: "tunnels[0].pskGeneration",
      says: /is not used/,
    },
  ],
  GW151: [
    {
      refuses: { ...byKey, "tunnels.0.peerKey": "ssh-rsa AAAAB3Nza you" },
      accepts: byKey,
      at: "tunnels[0].peerKey",
      says: /OpenSSH/,
    },
    {
      refuses: { ...isakmpd, "tunnels.0.peerKey": P256 },
      accepts: isakmpd,
      at: "tunnels[0].peerKey",
      says: /isakmpd has no ECDSA keys: use an RSA key, or iked/,
    },
  ],
  GW152: [
    {
      refuses: { ...byKey, "tunnels.0.vendor": "fortigate" },
      accepts: { ...byKey, "tunnels.0.vendor": "strongswan" },
      at: "tunnels[0].auth",
      says: /FortiGate takes public keys in certificates only: write auth: psk/,
    },
  ],
  GW246: [
    ...["west.example.network", "west.example.net@gw"].map((remoteId) => ({
      refuses: {
        ...isakmpd,
        "tunnels.1.auth": "publickey",
        "tunnels.1.peerKey": RSA_2048,
        "tunnels.1.remoteId": remoteId,
      },
      accepts: { ...isakmpd, "tunnels.1.remoteId": remoteId },
      at: "tunnels[1].remoteId",
      says: /begins with tunnels\[0\]\.remoteId, and isakmpd does not tell them apart/,
    })),
    {
      refuses: {
        ...{ ...isakmpd, "tunnels.1.auth": "certificate", "tunnels.1.enabled": false },
        "tunnels.1.remoteId": "west.example.network",
      },
      accepts: { ...isakmpd, "tunnels.1.remoteId": "west.example.network" },
      at: "tunnels[1].remoteId",
      says: /west\.example\.network begins with tunnels\[0\]\.remoteId/,
    },
    {
      refuses: {
        ...isakmpd,
        "tunnels.1.auth": "publickey",
        "tunnels.1.peerKey": RSA_2048,
        "tunnels.0.remoteId": "east.example.net.at",
      },
      accepts: {
        ...isakmpd,
        "tunnels.1.auth": "publickey",
        "tunnels.1.peerKey": RSA_2048,
        "tunnels.0.remoteId": "198.51.100.1",
        "tunnels.1.remoteId": "198.51.100.11",
      },
      at: "tunnels[0].remoteId",
      says: /east\.example\.net\.at begins with tunnels\[1\]\.remoteId/,
    },
  ],
  GW153: [
    {
      refuses: {
        ...isakmpd,
        "tunnels.1.auth": "publickey",
        "tunnels.1.peerKey": RSA_2048,
        "tunnels.1.remoteId": "west.example.net",
      },
      accepts: isakmpd,
      at: "tunnels[1].remoteId",
      says: /west\.example\.net is also tunnels\[0\]\.remoteId: give each peer/,
    },
  ],
  GW154: [
    {
      refuses: { ...byKey, "tunnels.1.auth": "publickey", "tunnels.1.peerKey": P256 },
      accepts: { ...byKey, "tunnels.1.auth": "publickey", "tunnels.1.peerKey": P384 },
      at: "tunnels[1].peerKey",
      says: /is also the key of tunnels\[0\]/,
    },
  ],
};
