import { isAead } from "../../config/algorithms";
import { fortigate as device } from "../../config/vendors/fortigate";
import { addresses, policies, subnet } from "./fortigatePolicies";
import {
  about,
  comment,
  DEAD_PEER_SECONDS,
  farNetworks,
  identityKind,
  isIpv6,
  type MirroredPair,
  mirroredPairs,
  netmask,
  type PeerInput,
  text,
  wordsFor,
} from "./peer";

/** Longest name of a tunnel interface. */
const LONGEST = 15;

const PROTOCOL_NUMBERS = { icmp: 1, tcp: 6, udp: 17, gre: 47, icmp6: 58 } as const;

/** Interface mode: phase 1, one phase 2 per pair of networks, routes, and policies both ways. */
export function fortigate(input: PeerInput): string {
  const { tunnel } = input;
  const name = tunnel.name.slice(0, LONGEST);
  return text(
    comment(
      "#",
      ...about(input, device.title),
      `Replace OUTSIDE by the interface that has ${tunnel.peer}, INSIDE by that of the networks.`,
    ),
    addresses(input, name),
    phase1(input, name),
    phase2(input, name),
    tunnel.sec ? interfaceAddress(input, name) : [],
    routes(input, name),
    policies(input, name),
    comment("#", "", ...status(name)),
  );
}

function phase1(input: PeerInput, name: string): string[] {
  const { tunnel, gateway, psk } = input;
  const word = wordsFor(device, input);
  const { encryption, integrity, prf, group, lifetime } = tunnel.phase1;
  const cipher = word("ikeEncryption", encryption);
  const proposal = isAead(encryption)
    ? `${cipher}-prf${word("ikePrf", prf)}`
    : `${cipher}-${word("ikeIntegrity", integrity ?? prf)}`;
  const six = isIpv6(gateway.publicAddress);
  return [
    "config vpn ipsec phase1-interface",
    `    edit "${name}"`,
    '        set interface "OUTSIDE"',
    ...(six ? ["        set ip-version 6"] : []),
    `        set ike-version ${tunnel.ikeVersion}`,
    ...(tunnel.ikeVersion === 1 ? ["        set mode main"] : []),
    `        set ${six ? "remote-gw6" : "remote-gw"} ${gateway.publicAddress}`,
    "        set authmethod psk",
    ...ids(input),
    `        set proposal ${proposal}`,
    `        set dhgrp ${word("ikeGroup", group)}`,
    `        set keylife ${lifetime}`,
    "        set nattraversal enable",
    "        set dpd on-idle",
    `        set dpd-retryinterval ${DEAD_PEER_SECONDS}`,
    "        set net-device disable",
    `        set psksecret "${psk}"`,
    "    next",
    "end",
  ];
}

/** In main mode with a key the peer's identity comes too late to choose by. */
function ids({ tunnel }: PeerInput): string[] {
  const type = { address: "address", user: "user-fqdn", name: "fqdn" }[
    identityKind(tunnel.remoteId)
  ];
  return [
    `        set localid-type ${type}`,
    `        set localid "${tunnel.remoteId}"`,
    ...(tunnel.ikeVersion === 2
      ? ["        set peertype one", `        set peerid "${tunnel.localId}"`]
      : ["        set peertype any"]),
  ];
}

function phase2(input: PeerInput, name: string): string[] {
  const word = wordsFor(device, input);
  const { encryption, integrity, group, lifetime } = input.tunnel.phase2;
  const cipher = word("espEncryption", encryption);
  const proposal = isAead(encryption)
    ? cipher
    : `${cipher}-${word("espIntegrity", integrity ?? "")}`;
  const entry = (index: number, between: readonly string[]) => [
    `    edit "${name}-${index + 1}"`,
    `        set phase1name "${name}"`,
    `        set proposal ${proposal}`,
    ...(group === "none"
      ? ["        set pfs disable"]
      : ["        set pfs enable", `        set dhgrp ${word("espGroup", group)}`]),
    `        set keylifeseconds ${lifetime}`,
    `        set auto-negotiate ${input.tunnel.mode === "passive" ? "enable" : "disable"}`,
    ...between,
    "    next",
  ];
  const pairs = mirroredPairs(input);
  // The gateway's IKEv2 puts all pairs into one child SA, which takes groups of addresses here.
  const grouped = input.tunnel.ikeVersion === 2 && pairs.length > 1;
  const entries = grouped ? pairs.slice(0, 1) : pairs;
  return [
    "config vpn ipsec phase2-interface",
    ...entries.flatMap((pair, index) =>
      entry(index, grouped ? groupSelector(pair, name) : selector(pair)),
    ),
    "end",
  ];
}

function groupSelector({ own, protocol, ownPort, farPort }: MirroredPair, name: string): string[] {
  const six = isIpv6(own) ? "6" : "";
  return [
    `        set src-addr-type name${six}`,
    `        set dst-addr-type name${six}`,
    `        set src-name${six} "${name}-own"`,
    `        set dst-name${six} "${name}-far"`,
    ...traffic({ protocol, ownPort, farPort }),
  ];
}

function selector({ own, far, protocol, ownPort, farPort }: MirroredPair): string[] {
  const six = isIpv6(own);
  const type = six ? ["subnet6"] : [];
  return [
    ...type.flatMap((one) => [
      `        set src-addr-type ${one}`,
      `        set dst-addr-type ${one}`,
    ]),
    `        set ${six ? "src-subnet6" : "src-subnet"} ${subnet(own)}`,
    `        set ${six ? "dst-subnet6" : "dst-subnet"} ${subnet(far)}`,
    ...traffic({ protocol, ownPort, farPort }),
  ];
}

interface Only {
  readonly protocol: MirroredPair["protocol"] | undefined;
  readonly ownPort: number | undefined;
  readonly farPort: number | undefined;
}

function traffic({ protocol, ownPort, farPort }: Only): string[] {
  return [
    ...(protocol === undefined ? [] : [`        set protocol ${PROTOCOL_NUMBERS[protocol]}`]),
    ...(ownPort === undefined ? [] : [`        set src-port ${ownPort}`]),
    ...(farPort === undefined ? [] : [`        set dst-port ${farPort}`]),
  ];
}

function interfaceAddress({ tunnel }: PeerInput, name: string): string[] {
  const { peerAddress = "", address = "" } = tunnel.sec ?? {};
  return [
    "config system interface",
    `    edit "${name}"`,
    `        set ip ${peerAddress} 255.255.255.255`,
    `        set remote-ip ${address.replace(/\/.*$/, "")} ${netmask(address)}`,
    "    next",
    "end",
  ];
}

/** Into the tunnel, and into nothing while it is down. */
function routes(input: PeerInput, name: string): string[] {
  const far = farNetworks(input);
  const six = far.some(isIpv6);
  return [
    `config router ${six ? "static6" : "static"}`,
    ...far.flatMap((network) => [
      "    edit 0",
      `        set dst ${subnet(network)}`,
      `        set device "${name}"`,
      "    next",
      "    edit 0",
      `        set dst ${subnet(network)}`,
      "        set blackhole enable",
      "        set distance 254",
      "    next",
    ]),
    "end",
  ];
}

function status(name: string): string[] {
  return [
    "To see how it is:",
    `  get vpn ipsec tunnel name ${name}`,
    `  diagnose vpn ike gateway list name ${name}`,
    `  diagnose vpn tunnel list name ${name}`,
    "To see why it is not: diagnose debug application ike -1; diagnose debug enable",
    `To start it anew: diagnose vpn ike gateway clear name ${name}`,
  ];
}
