import { isAead } from "../../config/algorithms";
import { strongswan as device } from "../../config/vendors/strongswan";
import {
  about,
  comment,
  DEAD_PEER_SECONDS,
  type MirroredPair,
  mirroredPairs,
  type PeerInput,
  text,
  wordsFor,
} from "./peer";

/** One file for /etc/swanctl/conf.d: connection, children and secret (swanctl.conf(5)). */
export function strongswan(input: PeerInput): string {
  const { tunnel, gateway, psk } = input;
  const { name, ikeVersion, phase1 } = tunnel;
  const starter = tunnel.mode === "passive" ? "This end" : "The gateway";
  return text(
    comment(
      "#",
      ...about(input, device.title),
      `Save as /etc/swanctl/conf.d/${name}.conf, mode 0600: it holds the key.`,
      `${starter} starts the tunnel.`,
      ...(tunnel.sec ? interfaceCommands(input) : []),
    ),
    "connections {",
    `  ${name} {`,
    `    version = ${ikeVersion}`,
    `    local_addrs = ${tunnel.peer}`,
    `    remote_addrs = ${gateway.publicAddress}`,
    `    proposals = ${ikeProposal(input)}`,
    `    rekey_time = ${phase1.lifetime}s`,
    `    dpd_delay = ${DEAD_PEER_SECONDS}s`,
    ...(ikeVersion === 1 ? [`    dpd_timeout = ${4 * DEAD_PEER_SECONDS}s`] : []),
    "    mobike = no",
    "    unique = replace",
    "    local {",
    "      auth = psk",
    `      id = "${tunnel.remoteId}"`,
    "    }",
    "    remote {",
    "      auth = psk",
    `      id = "${tunnel.localId}"`,
    "    }",
    "    children {",
    children(input),
    "    }",
    "  }",
    "}",
    "secrets {",
    `  ike-${name} {`,
    `    id-1 = "${tunnel.localId}"`,
    `    id-2 = "${tunnel.remoteId}"`,
    `    secret = "${secretText(psk)}"`,
    "  }",
    "}",
    comment("#", "", ...status(input)),
  );
}

/** A key that starts with 0s would be read as base64, so it is written as such. */
function secretText(psk: string): string {
  return psk.startsWith("0s") ? `0s${Buffer.from(psk).toString("base64")}` : psk;
}

function ikeProposal(input: PeerInput): string {
  const word = wordsFor(device, input);
  const { encryption, integrity, prf, group } = input.tunnel.phase1;
  const ownPrf = input.tunnel.ikeVersion === 2 && prf !== integrity;
  return [
    word("ikeEncryption", encryption),
    ...(integrity === undefined ? [] : [word("ikeIntegrity", integrity)]),
    ...(ownPrf ? [`prf${word("ikePrf", prf)}`] : []),
    word("ikeGroup", group),
  ].join("-");
}

function espProposal(input: PeerInput): string {
  const word = wordsFor(device, input);
  const { encryption, integrity, group, esn } = input.tunnel.phase2;
  return [
    word("espEncryption", encryption),
    ...(integrity === undefined || isAead(encryption) ? [] : [word("espIntegrity", integrity)]),
    ...(group === "none" ? [] : [word("espGroup", group)]),
    ...(esn === true ? ["esn"] : []),
  ].join("-");
}

/** IKEv2 carries all pairs in one child SA; IKEv1 negotiates each of them. */
function children(input: PeerInput): string[] {
  const pairs = mirroredPairs(input);
  if (input.tunnel.ikeVersion === 1) {
    return pairs.flatMap((pair, index) => {
      const own = selector(pair.own, pair.protocol, pair.ownPort);
      const far = selector(pair.far, pair.protocol, pair.farPort);
      return child(input, `${input.tunnel.name}-${index + 1}`, own, far);
    });
  }
  const side = (of: (pair: MirroredPair) => string) => [...new Set(pairs.map(of))].join(", ");
  return child(
    input,
    input.tunnel.name,
    side(({ own, protocol, ownPort }) => selector(own, protocol, ownPort)),
    side(({ far, protocol, farPort }) => selector(far, protocol, farPort)),
  );
}

function selector(network: string, protocol?: string, port?: number): string {
  if (protocol === undefined) return network;
  const word = protocol === "icmp6" ? "ipv6-icmp" : protocol;
  return `${network}[${word}${port === undefined ? "" : `/${port}`}]`;
}

// The gateway starts an active tunnel, also after a break; of a passive one that is our part.
function child(input: PeerInput, name: string, own: string, far: string): string[] {
  const { tunnel } = input;
  const starts = tunnel.mode === "passive";
  return [
    `      ${name} {`,
    `        local_ts = ${own}`,
    `        remote_ts = ${far}`,
    `        esp_proposals = ${espProposal(input)}`,
    `        rekey_time = ${tunnel.phase2.lifetime}s`,
    ...(tunnel.sec ? ["        if_id_in = 10", "        if_id_out = 10"] : []),
    `        start_action = ${starts ? "start" : "none"}`,
    `        close_action = ${starts ? "start" : "none"}`,
    `        dpd_action = ${starts ? "restart" : "clear"}`,
    "      }",
  ];
}

/** Linux needs an interface for 0/0, or all its traffic would go into the tunnel. */
function interfaceCommands({ tunnel }: PeerInput): string[] {
  const { peerAddress = "", address = "", mtu = 1400 } = tunnel.sec ?? {};
  const prefix = address.replace(/^.*\//, "");
  return [
    "Before it is loaded (OUTSIDE is the outside interface):",
    "  ip link add vpn10 type xfrm dev OUTSIDE if_id 10",
    `  ip address add ${peerAddress}/${prefix} dev vpn10`,
    `  ip link set vpn10 mtu ${mtu} up`,
    ...tunnel.local.map((network) => `  ip route add ${network} dev vpn10`),
  ];
}

function status({ tunnel }: PeerInput): string[] {
  return [
    "To load it: swanctl --load-all",
    `To see how it is: swanctl --list-sas --ike ${tunnel.name}; ip -s xfrm state`,
    "To see why it is not: swanctl --log",
    `To start it anew: swanctl --terminate --ike ${tunnel.name}; ` +
      `swanctl --initiate --ike ${tunnel.name} --child ${tunnel.name}${tunnel.ikeVersion === 1 ? "-1" : ""}`,
  ];
}
