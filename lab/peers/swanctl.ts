import type { Outputs, Tunnel } from "../network/outputs";
import type { Site } from "../network/sites";
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
}

/**
 * What a site has to configure for the tunnels of a stack that lead to it: everything mirrored.
 * Disabled tunnels and tunnels to other peers are left out.
 * @throws Error when a tunnel has no key or an algorithm that strongSwan lacks
 */
export function siteConnections(site: Site, stack: string, outputs: Outputs): Connection[] {
  const { gateway, tunnels = [], presharedKeys = {} } = outputs;
  if (gateway === undefined) return [];
  return tunnels
    .filter((tunnel) => tunnel.enabled && tunnel.peer === site.address)
    .map((tunnel) => {
      const key = presharedKeys[tunnel.name];
      if (key === undefined) {
        throw new Error(`tunnel ${tunnel.name}: no key in the output presharedKeys`);
      }
      const name = `${stack}-${tunnel.name}`;
      const children = childSelectors(tunnel);
      return {
        name,
        children: children.map((child) => child.name),
        gatewayRetriesNow: tunnel.ikeVersion === 2 && tunnel.mode === "active",
        text: connectionFile(name, site, gateway.publicAddress, tunnel, children, key),
      };
    });
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
  key: string,
): string {
  return `connections {
  ${name} {
    version = ${tunnel.ikeVersion}
    local_addrs = ${site.address}
    remote_addrs = ${gateway}
    proposals = ${ikeProposal(tunnel.phase1, tunnel.ikeVersion)}
    rekey_time = ${tunnel.phase1.lifetime}s
    dpd_delay = 10s
    dpd_timeout = 30s
    mobike = no
    unique = replace
    local {
      auth = psk
      id = ${quoted(tunnel.remoteId)}
    }
    remote {
      auth = psk
      id = ${quoted(tunnel.localId)}
    }
    children {
${children.map((child) => childSection(child, tunnel)).join("\n")}
    }
  }
}
secrets {
  ike-${name} {
    id-1 = ${quoted(tunnel.localId)}
    id-2 = ${quoted(tunnel.remoteId)}
    # base64, so that no character of the key means anything here
    secret = 0s${Buffer.from(key, "utf8").toString("base64")}
  }
}
`;
}

// The gateway starts an active tunnel, also after a break; of a passive one that is our part.
function childSection(child: Child, tunnel: Tunnel): string {
  const passive = tunnel.mode === "passive";
  return `      ${child.name} {
        local_ts = ${child.here}
        remote_ts = ${child.there}
        esp_proposals = ${espProposal(tunnel.phase2)}
        rekey_time = ${tunnel.phase2.lifetime}s
        start_action = ${passive ? "start" : "none"}
        close_action = ${passive ? "start" : "none"}
        dpd_action = ${passive ? "restart" : "clear"}
      }`;
}

const quoted = (id: string): string => `"${id}"`;
