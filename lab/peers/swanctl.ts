import type { Outputs, Tunnel } from "../network/outputs";
import { type Site, siteOf } from "../network/sites";
import { espProposal, ikeProposal } from "./proposals";

/** One connection of a remote site, complete in one file. */
export interface Connection {
  /** Name in swanctl and of the file, `STACK-TUNNEL`. */
  readonly name: string;
  /** Names of its child SAs. */
  readonly children: readonly string[];
  /** Whether the gateway starts it, and can be told to do so at once: iked can, isakmpd cannot. */
  readonly gatewayRetriesNow: boolean;
  /** The file's text, with the key: 0600. */
  readonly text: string;
  /** The gateway's public key, PEM, for the file that `text` names. */
  readonly gatewayKey?: string;
}

/**
 * What a site has to configure for the tunnels of a stack that lead to it: everything mirrored.
 * Disabled tunnels and tunnels to other peers are left out.
 * @throws Error when a tunnel has no key or an algorithm that strongSwan lacks
 */
export function siteConnections(site: Site, stack: string, outputs: Outputs): Connection[] {
  const { gateway, tunnels = [] } = outputs;
  if (gateway === undefined) return [];
  return tunnels
    .filter((tunnel) => tunnel.enabled && siteOf(tunnel)?.address === site.address)
    .map((tunnel) => {
      const name = `${stack}-${tunnel.name}`;
      const proof = proofOf(name, tunnel, outputs);
      const children = childSelectors(tunnel);
      return {
        name,
        children: children.map((child) => child.name),
        gatewayRetriesNow: tunnel.ikeVersion === 2 && tunnel.mode === "active",
        text: connectionFile(name, site, gateway.publicAddress, tunnel, children, proof),
        ...(proof.gatewayKey === undefined ? {} : { gatewayKey: proof.gatewayKey }),
      };
    });
}

/** How the two ends of a tunnel prove who they are. */
interface Proof {
  readonly local: string;
  readonly remote: string;
  readonly secrets: string;
  readonly gatewayKey?: string;
  /** Its certificate is sent unasked, as isakmpd does not ask for it when it begins. */
  readonly unasked?: boolean;
}

function proofOf(name: string, tunnel: Tunnel, outputs: Outputs): Proof {
  // Its certificate of the site's key, and the authorities in x509ca, come from whoever plays the authority.
  if (tunnel.auth === "certificate") {
    const local = `auth = pubkey\n      certs = ${tunnel.name}.pem`;
    return { local, remote: "auth = pubkey", secrets: "", unasked: true };
  }
  if (tunnel.auth === "publickey") {
    if (outputs.publicKey === undefined) {
      throw new Error(`tunnel ${tunnel.name}: the stack has no output publicKey`);
    }
    const own = tunnel.ikeVersion === 1 ? "site-rsa.pem" : "site.pem";
    return {
      local: `auth = pubkey\n      pubkeys = ${own}`,
      remote: `auth = pubkey\n      pubkeys = ${name}-gateway.pem`,
      secrets: "",
      gatewayKey: outputs.publicKey,
    };
  }
  const key = outputs.presharedKeys?.[tunnel.name];
  if (key === undefined) {
    throw new Error(`tunnel ${tunnel.name}: no key in the output presharedKeys`);
  }
  return {
    local: "auth = psk",
    remote: "auth = psk",
    secrets: `secrets {
  ike-${name} {
    id-1 = ${quoted(tunnel.localId)}
    id-2 = ${quoted(tunnel.remoteId)}
    # base64, so that no character of the key means anything here
    secret = ${secretText(key)}
  }
}
`,
  };
}

/** Hexadecimal means the same to both ends. */
function secretText(key: string): string {
  return key.startsWith("0x") ? key : `0s${Buffer.from(key, "utf8").toString("base64")}`;
}

interface Child {
  readonly name: string;
  readonly here: string;
  readonly there: string;
}

// IKEv2 carries all networks in one child SA; IKEv1 negotiates each pair of networks.
function childSelectors({ ikeVersion, selectors }: Tunnel): Child[] {
  const pairs = selectors.map((pair) => ({
    here: trafficSelector(pair.remote, pair.protocol, pair.remotePort),
    there: trafficSelector(pair.local, pair.protocol, pair.localPort),
  }));
  if (ikeVersion === 1) return pairs.map((pair, index) => ({ name: `net-${index + 1}`, ...pair }));
  const list = (side: "here" | "there") => [...new Set(pairs.map((pair) => pair[side]))].join(", ");
  return [{ name: "net", here: list("here"), there: list("there") }];
}

function trafficSelector(network: string, protocol?: string, port?: number): string {
  if (protocol === undefined) return network;
  const word = protocol === "icmp6" ? "ipv6-icmp" : protocol;
  return `${network}[${word}${port === undefined ? "" : `/${port}`}]`;
}

function connectionFile(
  name: string,
  site: Site,
  gateway: string,
  tunnel: Tunnel,
  children: readonly Child[],
  proof: Proof,
): string {
  return `connections {
  ${name} {
    version = ${tunnel.ikeVersion}
    local_addrs = ${site.address}
    remote_addrs = ${gateway}
    proposals = ${ikeProposal(tunnel.phase1, tunnel.ikeVersion)}
${ikeLifetime(tunnel)}
    dpd_delay = 10s
    dpd_timeout = 30s
    mobike = no
    unique = replace${proof.unasked === true ? "\n    send_cert = always" : ""}
    local {
      ${proof.local}
      id = ${quoted(tunnel.remoteId)}
    }
    remote {
      ${proof.remote}
      id = ${quoted(tunnel.localId)}
    }
    children {
${children.map((child) => childSection(child, tunnel)).join("\n")}
    }
  }
}
${proof.secrets}`;
}

// In IKEv1 strongSwan proposes rekey_time + over_time, where isakmpd accepts exactly its own lifetime, and
// of a child life_time. They are renewed before, as isakmpd renews nothing of a passive tunnel.
function ikeLifetime({ ikeVersion, phase1: { lifetime } }: Tunnel): string {
  if (ikeVersion === 2) return `    rekey_time = ${lifetime}s`;
  const tenth = Math.ceil(lifetime / 10);
  return `    rekey_time = ${lifetime - tenth}s\n    over_time = ${tenth}s`;
}

function childLifetime({ ikeVersion, phase2: { lifetime } }: Tunnel): string {
  if (ikeVersion === 2) return `        rekey_time = ${lifetime}s`;
  const renewed = lifetime - Math.ceil(lifetime / 10);
  return `        life_time = ${lifetime}s\n        rekey_time = ${renewed}s\n        rand_time = 0s`;
}

// The gateway starts an active tunnel, also after a break; of a passive one that is our part.
function childSection(child: Child, tunnel: Tunnel): string {
  const passive = tunnel.mode === "passive";
  return `      ${child.name} {
        local_ts = ${child.here}
        remote_ts = ${child.there}
        esp_proposals = ${espProposal(tunnel.phase2, tunnel.ikeVersion)}
${childLifetime(tunnel)}
        start_action = ${passive ? "start" : "none"}
        close_action = ${passive ? "start" : "none"}
        dpd_action = ${passive ? "restart" : "clear"}
      }`;
}

const quoted = (id: string): string => `"${id}"`;
