import { deviceWords } from "../algorithms/deviceWords";
import { fixedAddress } from "../peer";
import { tunnelInterface } from "../tunnelInterface";
import { aclEntry, objectName } from "./cisco";
import {
  certificatesCommands,
  certificatesNote,
  certificatesProfile,
} from "./ciscoIosCertificates";
import type { Device } from "./device";
import { bareUpTo } from "./key";
import {
  about,
  comment,
  farNetworks,
  identityKind,
  mirroredPairs,
  netmask,
  networkAddress,
  outsideInterface,
  type PeerInput,
  text,
} from "./peer";
import { deadPeerSeconds, wordsFor } from "./words";

export const ciscoIos = {
  title: "Cisco IOS and IOS XE",
  words: deviceWords("cisco-ios"),
  ownPrf: true,
  phase1Lifetime: [120, 86400],
  phase2Lifetime: [120, 86400],
  deadPeerSeconds: [10, 3600],
  key: bareUpTo(128),
  ipv6: false,
  kinds: ["policy", "route", "gre"],
  traffic: "any",
  selectors: { 1: null, 2: 1 },
  esn: false,
  // `self-identity fqdn` of an ISAKMP profile is the router's own name, not one to choose.
  ownId: { 1: "address or user@host", 2: "any" },
  knowsByAddress: false,
  distinguishedNames: false,
  signatures: "rfc4754",
  neverStarts: null,
  formats: [
    {
      name: "cisco-ios",
      title: "Cisco IOS / IOS XE, crypto map",
      holds: "crypto map, access list, IKEv2 profile or ISAKMP",
      kinds: ["policy"],
      auths: ["psk", "certificate"],
      render: cryptoMap,
    },
    {
      name: "cisco-ios-vti",
      title: "Cisco IOS / IOS XE, tunnel interface",
      holds: "tunnel interface, of kind gre too; multi-SA for kind policy (XE 16.12)",
      kinds: ["policy", "route", "gre"],
      auths: ["psk", "certificate"],
      render: interfaceText,
    },
  ],
} as const satisfies Device;

/** Crypto map on the outside interface: policy-based, one access list entry per pair of networks. */
function cryptoMap(input: PeerInput): string {
  const { tunnel, gateway } = input;
  const name = objectName(tunnel.name);
  return text(
    comment(
      "!",
      ...about(input, `${ciscoIos.title}, crypto map`),
      `Replace OUTSIDE by ${outsideInterface(input)}. If it has a crypto map already,`,
      "keep that map's name and give this entry a number of its own. Exempt the pairs of the access",
      "list from NAT.",
      ...authentication(input).note,
    ),
    "configure terminal",
    iosIke(input),
    `ip access-list extended ${name}`,
    mirroredPairs(input).map((pair) => ` ${aclEntry(pair, "wildcard")}`),
    "crypto map VPN 10 ipsec-isakmp",
    ` description tunnel ${tunnel.name}`,
    ` set peer ${gateway.publicAddress}`,
    iosChild(input),
    ` match address ${name}`,
    "interface OUTSIDE",
    " crypto map VPN",
    "end",
    comment("!", "", ...iosStatus(input)),
  );
}

/**
 * Tunnel interface: of kind `route` with 0/0, of kind `gre` with GRE that the profile protects, of kind `policy`
 * with the networks as the policy of a multi-SA tunnel (IOS XE 16.12).
 */
function interfaceText(input: PeerInput): string {
  const { tunnel, gateway } = input;
  const name = objectName(tunnel.name);
  const pairs = mirroredPairs(input);
  const own = tunnelInterface(tunnel);
  const mtu = own?.mtu ?? 1400;
  return text(
    comment(
      "!",
      ...about(input, `${ciscoIos.title}, tunnel interface`),
      `Replace OUTSIDE by ${outsideInterface(input)}, and Tunnel10 by a free one.`,
      ...authentication(input).note,
    ),
    "configure terminal",
    iosIke(input),
    `crypto ipsec profile ${name}`,
    iosChild(input),
    ...(own
      ? []
      : [`ip access-list extended ${name}`, pairs.map((pair) => ` ${aclEntry(pair, "wildcard")}`)]),
    "interface Tunnel10",
    ` description tunnel ${tunnel.name}`,
    own ? ` ip address ${own.peerAddress} ${netmask(own.address)}` : " ip unnumbered OUTSIDE",
    ` ip mtu ${mtu}`,
    ` ip tcp adjust-mss ${mtu - 40}`,
    " tunnel source OUTSIDE",
    ` tunnel mode ${tunnel.kind === "gre" ? "gre ip" : "ipsec ipv4"}`,
    ` tunnel destination ${gateway.publicAddress}`,
    ...(own ? [] : [` tunnel protection ipsec policy ipv4 ${name}`]),
    ` tunnel protection ipsec profile ${name}`,
    farNetworks(input).map(
      (network) => `ip route ${networkAddress(network)} ${netmask(network)} Tunnel10`,
    ),
    "end",
    comment("!", "", ...iosStatus(input), "The interface: show interface Tunnel10"),
  );
}

/** Phase 1 and the transform set, the same for crypto maps and tunnel interfaces. */
function iosIke(input: PeerInput): string[] {
  return [...(input.tunnel.ikeVersion === 2 ? ikev2(input) : ikev1(input)), ...transformSet(input)];
}

/** What a crypto map or profile says of the child SA, and of whom it is for. */
function iosChild(input: PeerInput): string[] {
  const { tunnel } = input;
  const word = wordsFor(ciscoIos, input);
  const name = objectName(tunnel.name);
  const { group, lifetime } = tunnel.phase2;
  return [
    ` set transform-set ${name}`,
    ...(group === "none" ? [] : [` set pfs ${word("espGroup", group)}`]),
    ` set security-association lifetime seconds ${lifetime}`,
    tunnel.ikeVersion === 2 ? ` set ikev2-profile ${name}` : ` set isakmp-profile ${name}`,
  ];
}

function ikev2(input: PeerInput): string[] {
  const { tunnel } = input;
  const word = wordsFor(ciscoIos, input);
  const name = objectName(tunnel.name);
  const own = authentication(input);
  const address = fixedAddress(tunnel.peer);
  const { encryption, integrity, prf, group, lifetime } = tunnel.phase1;
  return [
    `crypto ikev2 proposal ${name}`,
    ` encryption ${word("ikeEncryption", encryption)}`,
    ...(integrity === undefined ? [] : [` integrity ${word("ikeIntegrity", integrity)}`]),
    ...(prf === integrity ? [] : [` prf ${word("ikePrf", prf)}`]),
    ` group ${word("ikeGroup", group)}`,
    `crypto ikev2 policy ${name}`,
    ...(address === undefined ? [] : [` match address local ${address}`]),
    ` proposal ${name}`,
    ...own.before,
    `crypto ikev2 profile ${name}`,
    ` match identity remote ${ikev2Identity(tunnel.localId, "255.255.255.255")}`,
    ` identity local ${ikev2Identity(tunnel.remoteId)}`,
    ...own.profile,
    ` lifetime ${lifetime}`,
    ` dpd ${deadPeerSeconds(ciscoIos, input)} 5 periodic`,
  ];
}

interface Authentication {
  readonly note: readonly string[];
  readonly before: readonly string[];
  readonly profile: readonly string[];
}

/** Of IKEv2. */
function authentication(input: PeerInput): Authentication {
  const { tunnel, gateway, psk } = input;
  if (tunnel.auth === "certificate") {
    return {
      note: certificatesNote(input),
      before: certificatesCommands(input),
      profile: certificatesProfile(input),
    };
  }
  const name = objectName(tunnel.name);
  return {
    note: [],
    before: [
      `crypto ikev2 keyring ${name}`,
      ` peer ${name}`,
      `  address ${gateway.publicAddress}`,
      `  pre-shared-key ${psk}`,
    ],
    profile: [
      " authentication remote pre-share",
      " authentication local pre-share",
      ` keyring local ${name}`,
    ],
  };
}

function ikev2Identity(identity: string, mask?: string): string {
  switch (identityKind(identity)) {
    case "address":
      return `address ${identity}${mask === undefined ? "" : ` ${mask}`}`;
    case "user":
      return `email ${identity}`;
    case "name":
      return `fqdn ${identity}`;
  }
}

function ikev1(input: PeerInput): string[] {
  const { tunnel, gateway, psk } = input;
  const word = wordsFor(ciscoIos, input);
  const name = objectName(tunnel.name);
  const { encryption, prf, group, lifetime } = tunnel.phase1;
  const byUser = identityKind(tunnel.remoteId) === "user";
  return [
    "crypto isakmp policy 10",
    ` encryption ${word("ikeEncryption", encryption)}`,
    ` hash ${word("ikeIntegrity", prf)}`,
    " authentication pre-share",
    ` group ${word("ikeGroup", group)}`,
    ` lifetime ${lifetime}`,
    `crypto keyring ${name}`,
    ` pre-shared-key address ${gateway.publicAddress} key ${psk}`,
    `crypto isakmp profile ${name}`,
    ` keyring ${name}`,
    byUser ? ` self-identity user-fqdn ${tunnel.remoteId}` : " self-identity address",
    ` match identity ${ikev1Identity(tunnel.localId)}`,
    ` keepalive ${deadPeerSeconds(ciscoIos, input)} retry 5`,
  ];
}

function ikev1Identity(identity: string): string {
  switch (identityKind(identity)) {
    case "address":
      return `address ${identity} 255.255.255.255`;
    case "user":
      return `user ${identity}`;
    case "name":
      return `host ${identity}`;
  }
}

function transformSet(input: PeerInput): string[] {
  const { encryption, integrity } = input.tunnel.phase2;
  const word = wordsFor(ciscoIos, input);
  const esp = [
    word("espEncryption", encryption),
    ...(integrity === undefined ? [] : [word("espIntegrity", integrity)]),
  ];
  return [
    `crypto ipsec transform-set ${objectName(input.tunnel.name)} ${esp.join(" ")}`,
    ` mode ${input.tunnel.kind === "gre" ? "transport" : "tunnel"}`,
  ];
}

/** What to look at afterwards. */
function iosStatus({ tunnel, gateway }: PeerInput): string[] {
  const sa =
    tunnel.ikeVersion === 2 ? "show crypto ikev2 sa detailed" : "show crypto isakmp sa detail";
  return [
    "To see how it is:",
    `  show crypto session remote ${gateway.publicAddress} detail`,
    `  ${sa}`,
    `  show crypto ipsec sa peer ${gateway.publicAddress}`,
    "  show crypto engine connections active",
    `To see why it is not: debug crypto ${tunnel.ikeVersion === 2 ? "ikev2" : "isakmp"}`,
    `To start it anew: clear crypto session remote ${gateway.publicAddress}`,
  ];
}
