import { isAead } from "../algorithms";
import { deviceWords } from "../algorithms/deviceWords";
import { PROTOCOL_NUMBERS } from "../protocols";
import { idText } from "../selectors";
import type { Device } from "./device";
import { upTo } from "./key";
import {
  about,
  comment,
  farNetworks,
  identityKind,
  isIpv6,
  type MirroredPair,
  mirroredPairs,
  netmask,
  networkAddress,
  outsideInterface,
  ownNetworks,
  pairsNote,
  type PeerInput,
  text,
} from "./peer";
import { deadPeerSeconds, wordsFor } from "./words";

export const fortigate = {
  title: "FortiGate",
  words: deviceWords("fortigate"),
  ownPrf: false,
  phase1Lifetime: [120, 172800],
  phase2Lifetime: [120, 172800],
  deadPeerSeconds: [1, 60],
  key: upTo(128),
  ipv6: true,
  kinds: ["policy", "route"],
  traffic: "one",
  selectors: { 1: null, 2: null },
  esn: false,
  ownId: { 1: "any", 2: "any" },
  knowsByAddress: false,
  distinguishedNames: false,
  signatures: null,
  neverStarts: null,
  formats: [
    {
      name: "fortigate",
      title: "FortiGate CLI",
      holds: "phase 1 and 2, routes, addresses, policies",
      kinds: ["policy", "route"],
      auths: ["psk"],
      render,
    },
  ],
} as const satisfies Device;

/** Longest name of a tunnel interface. */
const LONGEST = 15;

/** Interface mode: phase 1, one phase 2 per pair of networks, routes, and policies both ways. */
function render(input: PeerInput): string {
  const { tunnel } = input;
  const name = tunnel.name.slice(0, LONGEST);
  return text(
    comment(
      "#",
      ...about(input, fortigate.title),
      `Replace OUTSIDE by ${outsideInterface(input)}, INSIDE by that of the networks.`,
      ...pairsNote(input),
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
  const word = wordsFor(fortigate, input);
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
    `        set dpd-retryinterval ${deadPeerSeconds(fortigate, input)}`,
    "        set net-device disable",
    `        set psksecret "${psk.replace(/["\\]/g, "\\$&")}"`,
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
  const word = wordsFor(fortigate, input);
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
      entry(index, grouped ? groupSelector(pair, name) : selector(pair, input.tunnel.ikeVersion)),
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

function selector({ own, far, protocol, ownPort, farPort }: MirroredPair, ikeVersion: 1 | 2) {
  return [
    ...side("src", own, ikeVersion),
    ...side("dst", far, ikeVersion),
    ...traffic({ protocol, ownPort, farPort }),
  ];
}

/** In IKEv1 a host is an address: the gateway does not take a subnet of one for the same. */
function side(end: "src" | "dst", network: string, ikeVersion: 1 | 2): string[] {
  const six = isIpv6(network) ? "6" : "";
  const host = idText(network);
  if (ikeVersion === 1 && host !== network) {
    return [`        set ${end}-addr-type ip${six}`, `        set ${end}-start-ip${six} ${host}`];
  }
  return [
    ...(six ? [`        set ${end}-addr-type subnet6`] : []),
    `        set ${end}-subnet${six} ${subnet(network)}`,
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

/** A network as FortiOS writes it. */
function subnet(network: string): string {
  return isIpv6(network) ? network : `${networkAddress(network)} ${netmask(network)}`;
}

/** The networks as address objects and two groups, `NAME-own` and `NAME-far`. */
function addresses(input: PeerInput, name: string): string[] {
  const six = ownNetworks(input).some(isIpv6);
  const sides = { own: ownNetworks(input), far: farNetworks(input) };
  const members = Object.entries(sides).map(([side, networks]) => ({
    group: `${name}-${side}`,
    objects: networks.map((network, index) => ({ network, title: `${name}-${side}-${index + 1}` })),
  }));
  return [
    `config firewall ${six ? "address6" : "address"}`,
    ...members.flatMap(({ objects }) =>
      objects.flatMap(({ network, title }) => [
        `    edit "${title}"`,
        `        set ${six ? "ip6" : "subnet"} ${subnet(network)}`,
        "    next",
      ]),
    ),
    "end",
    `config firewall ${six ? "addrgrp6" : "addrgrp"}`,
    ...members.flatMap(({ group, objects }) => [
      `    edit "${group}"`,
      `        set member ${objects.map(({ title }) => `"${title}"`).join(" ")}`,
      "    next",
    ]),
    "end",
  ];
}

/** Lets both sides through, in both directions. */
function policies(input: PeerInput, name: string): string[] {
  const six = ownNetworks(input).some(isIpv6) ? "6" : "";
  const policy = (title: string, from: string, to: string, source: string, target: string) => [
    "    edit 0",
    `        set name "${title}"`,
    `        set srcintf "${from}"`,
    `        set dstintf "${to}"`,
    `        set srcaddr${six} "${source}"`,
    `        set dstaddr${six} "${target}"`,
    "        set action accept",
    '        set schedule "always"',
    '        set service "ALL"',
    "    next",
  ];
  return [
    "config firewall policy",
    ...policy(`${name}-out`, "INSIDE", name, `${name}-own`, `${name}-far`),
    ...policy(`${name}-in`, name, "INSIDE", `${name}-far`, `${name}-own`),
    "end",
  ];
}
