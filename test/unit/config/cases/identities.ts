import { P256 } from "../../support/publicKeys";
import type { Case } from "./case";

const named = { "tunnels.0.remoteId": "/C=DE/O=Example AG/CN=west" };
const byKey = { "tunnels.0.auth": "publickey", "tunnels.0.peerKey": P256 };

export const identityCases: Record<string, Case[]> = {
  GW157: [
    {
      refuses: { "tunnels.0.remoteId": "198.51.100.300" },
      accepts: { "tunnels.0.remoteId": "1001" },
      at: "tunnels[0].remoteId",
      says: /198\.51\.100\.300 is no address, and iked would take it for a host name: write the address/,
    },
    {
      refuses: { "tunnels.0.localId": "2001:db8::1::2", "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.localId": "00:0d:b9:4a:2c:10", "ike.daemon": "isakmpd" },
      at: "tunnels[0].localId",
      says: /2001:db8::1::2 is no address, and isakmpd would/,
    },
    {
      refuses: { "tunnels.0.remoteId": "@#6b657934" },
      accepts: { "tunnels.0.remoteId": "ops@west.example.net" },
      at: "tunnels[0].remoteId",
      says: /is a key id, for which iked\.conf\(5\) has no word: agree a host name/,
    },
    {
      refuses: { "tunnels.0.localId": "keyid:branch-7", "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.localId": "branch-7", "ike.daemon": "isakmpd" },
      at: "tunnels[0].localId",
      says: /is a key id, for which ipsec\.conf\(5\) has no word/,
    },
    {
      refuses: { ...named, "ike.daemon": "isakmpd" },
      accepts: named,
      at: "tunnels[0].remoteId",
      says: /is a distinguished name, which ipsecctl makes a host name of: .*, or write ike\.daemon: iked/,
    },
    {
      refuses: { ...named, ...byKey },
      accepts: byKey,
      at: "tunnels[0].remoteId",
      says: /iked finds a public key by other identities only/,
    },
  ],
};
