import { generateKeyPairSync } from "node:crypto";
import { newAuthority, newKey, request, secretPem } from "../../support/certificates";
import type { Case } from "./case";

const { secret } = newKey();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const SERIAL = `4${"0".repeat(31)}`;
const since = "2026-11-23";

const kept = (authority: object = {}, tunnel: object = {}) => ({
  "ike.certificates": { authority: { names: ["example.net"], ...authority } },
  "tunnels.0.auth": "certificate",
  "tunnels.0.peerRequest": request(secret),
  ...tunnel,
});
const second = (text: string) => ({
  "tunnels.1.auth": "certificate",
  "tunnels.1.peerRequest": text,
});
const v1 = (text: string) => ({
  ...kept({}, { "tunnels.0.peerRequest": text }),
  "ike.daemon": "isakmpd",
  "ike.profile": "compat",
});

const accepts = kept();
const wanted = "tunnels[0].peerRequest";
const revoked = "ike.certificates.authority.revoked";

export const authorityCases: Record<string, Case[]> = {
  GW270: [
    {
      refuses: {
        "ike.certificates": {},
        "tunnels.0.auth": "certificate",
        "tunnels.0.enabled": false,
      },
      accepts,
      at: "ike.certificates.ca",
      says: /is missing, and so is authority/,
    },
    {
      refuses: { ...accepts, "ike.certificates.ca": newAuthority("/CN=other").pem },
      accepts,
      at: "ike.certificates.ca",
      says: /is written beside authority, which makes it/,
    },
  ],
  GW271: [
    {
      refuses: kept({ names: ["example.net", "192.0.2.1/24"] }),
      accepts: kept({ names: ["example.net", "192.0.2.0/24"] }),
      at: "ike.certificates.authority.names[1]",
      says: /192\.0\.2\.1\/24 is no network: write 192\.0\.2\.0\/24/,
    },
  ],
  GW272: [
    {
      refuses: kept({ names: ["example.org"] }),
      accepts,
      at: "tunnels[0].remoteId",
      says: /west\.example\.net is nothing that ike\.certificates\.authority\.names allows/,
    },
    {
      refuses: kept({ names: ["ample.net"] }),
      accepts: kept({ names: ["gw-test.example.net", "west.example.net"] }),
      at: "tunnels[0].localId",
      says: /gw-test\.example\.net is nothing that/,
    },
    {
      refuses: kept({}, { "tunnels.0.remoteId": "west@sub.example.net" }),
      accepts: kept({}, { "tunnels.0.remoteId": "west@example.net" }),
      at: "tunnels[0].remoteId",
      says: /west@sub\.example\.net is nothing that/,
    },
    {
      refuses: kept({}, { "tunnels.0.remoteId": "198.51.100.11" }),
      accepts: kept(
        { names: ["example.net", "198.51.100.0/28"] },
        { "tunnels.0.remoteId": "198.51.100.11" },
      ),
      at: "tunnels[0].remoteId",
      says: /198\.51\.100\.11 is nothing that/,
    },
    {
      refuses: kept({}, { "tunnels.0.remoteId": "/CN=west.example.net" }),
      accepts,
      at: "tunnels[0].remoteId",
      says: /is a distinguished name, and the stack's authority signs none/,
    },
  ],
  GW273: [
    {
      refuses: kept({}, { "tunnels.0.peerRequest": undefined }),
      accepts: kept({}, { "tunnels.0.peerRequest": undefined, "tunnels.0.enabled": false }),
      at: wanted,
      says: /is missing, and the stack's authority signs the peers' certificates: write the peer's request/,
    },
    {
      refuses: {
        "tunnels.0.auth": "certificate",
        "tunnels.0.enabled": false,
        "tunnels.0.peerRequest": request(secret),
      },
      accepts: { "tunnels.0.auth": "certificate", "tunnels.0.enabled": false },
      at: wanted,
      says: /is not used, as ike\.certificates\.authority is missing/,
    },
    {
      refuses: { "tunnels.0.peerRequest": request(secret) },
      accepts: {},
      at: wanted,
      says: /is not used, as auth is psk: remove it/,
    },
  ],
  GW274: [
    {
      refuses: kept({}, { "tunnels.0.peerRequest": newAuthority("/CN=other").pem }),
      accepts,
      at: wanted,
      says: /holds CERTIFICATE/,
    },
    {
      refuses: kept({}, { "tunnels.0.peerRequest": secretPem(secret) }),
      accepts,
      at: wanted,
      says: /holds a private key, which nobody but its owner may have/,
    },
    {
      refuses: kept({}, { "tunnels.0.peerRequest": request(secret).replace("MI", "MA") }),
      accepts: kept(
        {},
        {
          "tunnels.0.peerRequest": request(rsa).replaceAll("CERTIFICATE", "NEW CERTIFICATE"),
        },
      ),
      at: wanted,
      says: /is cut or damaged|is not signed/,
    },
    {
      refuses: kept({}, { "tunnels.0.peerRequest": request(secret, "/CN=west", newKey().secret) }),
      accepts,
      at: wanted,
      says: /is not signed with its own key/,
    },
    {
      refuses: kept({}, { "tunnels.0.peerRequest": request(secret) + request(rsa) }),
      accepts,
      at: wanted,
      says: /holds 2 requests/,
    },
    {
      refuses: v1(request(secret)),
      accepts: v1(request(rsa)),
      at: wanted,
      says: /isakmpd has no ECDSA keys: use an RSA key, or iked/,
    },
  ],
  GW275: [
    {
      refuses: kept({}, second(request(secret, "/CN=other"))),
      accepts: kept({}, second(request(rsa))),
      at: "tunnels[1].peerRequest",
      says: /has the key of tunnels\[0\], which is another peer/,
    },
  ],
  GW276: [
    {
      refuses: kept({ also: [2, 1] }),
      accepts: kept({ also: [2, 3] }),
      at: "ike.certificates.authority.also[1]",
      says: /1 is there twice/,
    },
  ],
  GW277: [
    {
      refuses: kept({ revoked: [{ serial: SERIAL, since: "2026-11-24" }] }),
      accepts: kept({ revoked: [{ serial: SERIAL, since }] }),
      at: `${revoked}[0].since`,
      says: /2026-11-24 is a day to come/,
    },
    {
      refuses: kept({
        revoked: [
          { serial: SERIAL, since },
          { serial: SERIAL.replace(/0$/, "1"), since },
        ],
      }),
      accepts: kept({
        revoked: [
          { serial: SERIAL, since },
          { serial: SERIAL.replace(/^4/, "5"), since },
        ],
      }),
      at: `${revoked}[1].serial`,
      says: /is of a request that is revoked already/,
    },
  ],
};
