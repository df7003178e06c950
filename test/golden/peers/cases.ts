import { describeTunnel } from "../../../components/describeTunnel";
import type { GatewayOutput } from "../../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../../contract/tunnel";
import { parseOutputs } from "../../../operate/stack/outputs";
import type { PeerFormatName } from "../../../config/vendors";
import { edited, load, type Values, values } from "../../unit/support/stack";

const EXCEPTION = { reason: "its age", expires: "2099-01-01" };

/** What every device but AWS and the ASA can do in this version of IKE. */
const algorithms = {
  1: { encryption: "aes-256", integrity: "hmac-sha2-256", group: "modp2048" },
  2: { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" },
};

/** IKEv1 of an ASA never learned SHA-2. */
const asaV1 = { encryption: "aes-256", integrity: "hmac-sha1", group: "modp2048" };

const byAddress: Values = { "tunnels.0.localId": undefined, "tunnels.0.remoteId": undefined };

/** What the stack says of the gateway. */
export const GATEWAY: GatewayOutput = {
  name: "gw-test",
  address: "10.10.0.2",
  publicAddress: "198.51.100.1",
  hostKey: "ssh-ed25519 AAAA",
  daemon: "iked",
  ikeVersion: 2,
  deadPeerSeconds: 30,
  interface: "vio0",
  behindNat: true,
  ssh: { user: "root", port: 22 },
};

export const ONE_PAIR: Values = {
  "tunnels.0.local": ["10.10.0.0/24"],
  "tunnels.0.remote": ["10.20.1.0/24"],
};

const own: Partial<Record<PeerFormatName, Values>> = {
  "cisco-asa": byAddress,
  aws: { ...byAddress, ...ONE_PAIR },
};

/** The tunnel whose other end is written down: two networks on each side, a host among them. */
export function peerTunnel(
  format: PeerFormatName,
  ikeVersion: 1 | 2,
  pfs: boolean,
  changes: Values = {},
): DeclaredTunnel {
  const known = format === "cisco-asa" && ikeVersion === 1 ? asaV1 : algorithms[ikeVersion];
  // In IKEv2 these make an SA of each pair of networks, and the gateway one of all of them.
  const onePair = ikeVersion === 2 && /^cisco|^mikrotik/.test(format);
  const byUser = format.startsWith("cisco-ios") && ikeVersion === 1;
  const all = edited(
    {
      "ike.daemon": ikeVersion === 2 ? "iked" : "isakmpd",
      "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/16"],
      "tunnels.0.remote": ["10.20.1.0/24", "10.20.9.9/32"],
      ...(onePair && ONE_PAIR),
      ...(byUser && { "tunnels.0.remoteId": "ops@west.example.net" }),
      "tunnels.0.phase1": known,
      "tunnels.0.phase2": { ...known, ...(pfs ? {} : { group: "none" }) },
      "tunnels.0.exception": EXCEPTION,
      ...own[format],
      ...changes,
    },
    values(),
  );
  const { config } = load(all);
  const [tunnel] = config.tunnels;
  if (!tunnel) throw new Error("no tunnel");
  const outputs = { gateway: GATEWAY, tunnels: [describeTunnel(config, tunnel)] };
  const [declared] = parseOutputs(JSON.stringify(outputs)).tunnels;
  if (!declared) throw new Error("no tunnel in the outputs");
  return declared;
}
