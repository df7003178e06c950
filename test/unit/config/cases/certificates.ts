import { generateKeyPairSync } from "node:crypto";
import { issue, newAuthority, newKey, revoke, secretPem } from "../../support/certificates";
import { P256 } from "../../support/publicKeys";
import type { Case } from "./case";

const root = newAuthority("/O=Example/CN=root");
const middle = newAuthority("/O=Example/CN=middle", { serial: 9 }, root);
const { secret, open } = newKey();

const gateway = {
  subject: "/O=Example/CN=gw",
  names: ["DNS:gw-test.example.net"],
  key: open,
  serial: 3,
};
const own = issue(root, gateway);
const wider = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
const cisco = {
  "tunnels.0.vendor": "cisco-ios",
  "tunnels.0.local": ["10.10.0.0/24"],
  "tunnels.0.remote": ["10.20.1.0/24"],
};
const list = revoke(root, { serials: [77] });
const rsaRoot = newAuthority("/O=Example/CN=root", {
  key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
});
const rsaGateway = { ...gateway, key: rsa };
const named = (...names: string[]): string => issue(rsaRoot, { ...rsaGateway, names });

const certified = (certificates: object, tunnel: object = {}) => ({
  "ike.certificates": { ca: root.pem, own, ...certificates },
  "tunnels.0.auth": "certificate",
  ...tunnel,
});
const good = certified({ crl: list });
/** With isakmpd, whose keys are RSA. */
const v1 = (certificates: object, tunnel: object = {}) => ({
  ...certified({ ca: rsaRoot.pem, own: issue(rsaRoot, rsaGateway), ...certificates }, tunnel),
  "ike.daemon": "isakmpd",
  "ike.profile": "compat",
});
const second = {
  "tunnels.1.auth": "certificate",
  "tunnels.1.localId": "gw@example.net",
};

const accepts = good;
const authorities = "ike.certificates.ca";
const ownOne = "ike.certificates.own";
const lists = "ike.certificates.crl";

export const certificateCases: Record<string, Case[]> = {
  GW210: [
    {
      refuses: certified({ ca: own }),
      accepts,
      at: authorities,
      says: /\/O=Example\/CN=gw is no authority's certificate/,
    },
    {
      refuses: certified({ own: root.pem }, { "tunnels.0.localId": "/O=Example/CN=root" }),
      accepts,
      at: ownOne,
      says: /CN=root is an authority's certificate: write it in ca/,
    },
    {
      refuses: certified({ own: secretPem(secret) }),
      accepts,
      at: ownOne,
      says: /holds a private key, which nobody but its owner may have/,
    },
    { refuses: certified({ own: own + own }), accepts, at: ownOne, says: /holds 2 certificates/ },
    { refuses: certified({ crl: root.pem }), accepts, at: lists, says: /holds CERTIFICATE/ },
  ],
  GW211: [
    {
      refuses: certified({ own: issue(root, { ...gateway, until: "2026-11-22" }) }),
      accepts: certified({ own: issue(root, { ...gateway, until: "2026-11-23" }) }),
      at: ownOne,
      says: /CN=gw has expired on 2026-11-22: have the authority sign a new one/,
    },
  ],
  GW212: [
    {
      refuses: certified({ own: issue(root, { ...gateway, from: "2026-11-24" }) }),
      accepts,
      at: ownOne,
      says: /CN=gw is valid from 2026-11-24 only/,
    },
    {
      refuses: certified({ crl: revoke(root, { serials: [], from: "2026-12-01" }) }),
      accepts,
      at: lists,
      says: /the list of \/O=Example\/CN=root is valid from 2026-12-01 only/,
    },
  ],
  GW213: [
    {
      refuses: certified({ ca: newAuthority("/O=Example/CN=root").pem }),
      accepts,
      at: ownOne,
      says: /CN=gw is issued by \/O=Example\/CN=root, which with that key is not in ca/,
    },
    {
      refuses: certified({ ca: middle.pem, own: issue(middle, gateway) }),
      accepts: certified({ ca: middle.pem + root.pem, own: issue(middle, gateway) }),
      at: authorities,
      says: /CN=middle is issued by \/O=Example\/CN=root, .*up to the root/,
    },
  ],
  GW214: [
    {
      refuses: certified({}, { "tunnels.0.localId": "gw@example.net" }),
      accepts,
      at: "tunnels[0].localId",
      says: /is gw@example\.net, and the gateway's certificate names FQDN\/gw-test\.example\.net/,
    },
    {
      refuses: certified({}, { "tunnels.0.localId": "/O=Example/CN=west" }),
      accepts: certified({}, { "tunnels.0.localId": "/O=Example/CN=gw" }),
      at: "tunnels[0].localId",
      says: /has the subject \/O=Example\/CN=gw/,
    },
    {
      refuses: v1({ own: named("DNS:other.example.net", "DNS:gw-test.example.net") }),
      accepts: v1({ own: named("DNS:gw-test.example.net", "DNS:other.example.net") }),
      at: "tunnels[0].localId",
      says: /the gateway's certificate names FQDN\/other\.example\.net first, and isakmpd looks at no other/,
    },
  ],
  GW215: [
    {
      refuses: certified({
        crl: list + revoke(newAuthority("/O=Example/CN=other"), { serials: [] }),
      }),
      accepts,
      at: lists,
      says: /holds a list of \/O=Example\/CN=other, which with that key is not in ca/,
    },
    {
      refuses: certified({ ca: root.pem + middle.pem, crl: list }),
      accepts: certified({
        ca: root.pem + middle.pem,
        crl: list + revoke(middle, { serials: [] }),
      }),
      at: lists,
      says: /has no list of \/O=Example\/CN=middle/,
    },
  ],
  GW216: [
    {
      refuses: certified({ crl: revoke(root, { serials: [], until: "2026-11-22" }) }),
      accepts: certified({ crl: revoke(root, { serials: [], until: "never" }) }),
      at: lists,
      says: /the list of \/O=Example\/CN=root has expired on 2026-11-22/,
    },
  ],
  GW217: [
    {
      refuses: certified({ crl: revoke(root, { serials: [3] }) }),
      accepts,
      at: ownOne,
      says: /CN=gw is revoked by its authority's list/,
    },
  ],
  GW218: [
    {
      refuses: { "tunnels.0.auth": "certificate" },
      accepts: { "tunnels.0.auth": "certificate", "tunnels.0.enabled": false },
      at: "tunnels[0].auth",
      says: /ike\.certificates\.own is missing: write enabled: false, pulumi up/,
    },
  ],
  GW219: [
    {
      refuses: { "ike.certificates": { ca: root.pem } },
      accepts,
      at: "ike.certificates",
      says: /is not used, as no tunnel has auth: certificate/,
    },
  ],
  GW221: [
    {
      refuses: { ...good, "tunnels.1.auth": "publickey", "tunnels.1.peerKey": P256 },
      accepts,
      at: "tunnels[1].auth",
      says: /a certificate that names east\.example\.net is taken as well/,
    },
  ],
  GW222: [
    {
      refuses: certified({ own: issue(root, { ...gateway, key: wider }) }, cisco),
      accepts: certified({}, cisco),
      at: "tunnels[0].vendor",
      says: /is Cisco IOS and IOS XE, and the gateway's certificate has an ECDSA key of 384 bits/,
    },
    {
      refuses: certified({ own: issue(root, { ...gateway, key: rsa }) }, cisco),
      accepts: certified({ own: issue(root, { ...gateway, key: rsa }) }),
      at: "tunnels[0].vendor",
      says: /has an RSA key of 2048 bits/,
    },
  ],
  GW223: [
    {
      refuses: v1({}, second),
      accepts: v1(
        {},
        {
          ...second,
          "tunnels.1.localId": undefined,
          "tunnels.0.localId": undefined,
          "ike.certificates": { ca: rsaRoot.pem, own: named("IP:198.51.100.1") },
        },
      ),
      at: "tunnels[1].localId",
      says: /is gw@example\.net, and that of tunnels\[0\] is gw-test\.example\.net/,
    },
  ],
  GW224: [
    {
      refuses: v1({}, cisco),
      accepts: v1({}, { ...cisco, "tunnels.0.vendor": "strongswan" }),
      at: "tunnels[0].auth",
      says: /is certificate, and Cisco IOS and IOS XE waits to be asked for its certificate: write auth: psk, or ike\.daemon: iked/,
    },
  ],
  GW225: [
    {
      refuses: v1({ ca: root.pem, own: issue(root, rsaGateway) }),
      accepts: v1({}),
      at: authorities,
      says: /\/O=Example\/CN=root has an ECDSA key, and isakmpd knows RSA alone/,
    },
    {
      refuses: v1({ own: issue(rsaRoot, gateway) }),
      accepts: v1({}),
      at: ownOne,
      says: /\/O=Example\/CN=gw has an ECDSA key, and isakmpd knows RSA alone/,
    },
  ],
};
