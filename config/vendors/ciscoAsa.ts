import { deviceWords } from "../algorithms/deviceWords";
import { aclEntry, objectName } from "./cisco";
import type { Device } from "./device";
import { bareUpTo } from "./key";
import {
  about,
  comment,
  farNetworks,
  isIpv6,
  mirroredPairs,
  type MirroredProduct,
  mirroredProducts,
  netmask,
  networkAddress,
  outsideInterface,
  type PeerInput,
  text,
} from "./peer";
import { deadPeerSeconds, wordsFor } from "./words";

/** IKEv1 of the ASA stayed as it was: no SHA-2 in phase 1 and no GCM. */
export const ciscoAsa = {
  title: "Cisco ASA",
  words: deviceWords("cisco-asa"),
  ownPrf: true,
  phase1Lifetime: [120, 2147483647],
  phase2Lifetime: [120, 214783647],
  deadPeerSeconds: [10, 3600],
  key: bareUpTo(128),
  ipv6: true,
  kinds: ["policy", "route"],
  traffic: "any",
  selectors: { 1: null, 2: 1 },
  esn: false,
  // `crypto isakmp identity` is one for the whole device, and a tunnel group is an address.
  ownId: { 1: "address", 2: "address" },
  knowsByAddress: true,
  distinguishedNames: false,
  signatures: null,
  neverStarts: null,
  formats: [
    {
      name: "cisco-asa",
      title: "Cisco ASA",
      holds: "crypto map with NAT exemption, VTI for kind route",
      kinds: ["policy", "route"],
      auths: ["psk"],
      render,
    },
  ],
} as const satisfies Device;

/** Crypto map for kind `policy`, a virtual tunnel interface (ASA 9.7) for kind `route`. */
function render(input: PeerInput): string {
  const { tunnel } = input;
  return text(
    comment(
      "!",
      ...about(input, ciscoAsa.title),
      `Replace outside by the nameif of ${outsideInterface(input)}, inside by that of the`,
      "networks behind it. If the interface has a crypto map already, keep its name.",
    ),
    "configure terminal",
    tunnel.ikeVersion === 2 ? ikev2(input) : ikev1(input),
    tunnel.sec ? tunnelInterface(input) : cryptoMap(input),
    tunnelGroup(input),
    "end",
    comment("!", "", ...status(input)),
  );
}

function ikev2(input: PeerInput): string[] {
  const word = wordsFor(ciscoAsa, input);
  const { phase1, phase2, name } = input.tunnel;
  const { encryption, integrity, prf, group, lifetime } = phase1;
  const espIntegrity =
    phase2.integrity === undefined ? "null" : word("espIntegrity", phase2.integrity);
  return [
    "crypto ikev2 policy 10",
    ` encryption ${word("ikeEncryption", encryption)}`,
    ` integrity ${integrity === undefined ? "null" : word("ikeIntegrity", integrity)}`,
    ` group ${word("ikeGroup", group)}`,
    ` prf ${word("ikePrf", prf)}`,
    ` lifetime seconds ${lifetime}`,
    "crypto ikev2 enable outside",
    `crypto ipsec ikev2 ipsec-proposal ${objectName(name)}`,
    ` protocol esp encryption ${word("espEncryption", phase2.encryption)}`,
    ` protocol esp integrity ${espIntegrity}`,
  ];
}

function ikev1(input: PeerInput): string[] {
  const word = wordsFor(ciscoAsa, input);
  const { phase1, phase2, name } = input.tunnel;
  const esp = [
    word("espEncryption", phase2.encryption),
    ...(phase2.integrity === undefined ? [] : [word("espIntegrity", phase2.integrity)]),
  ];
  return [
    "crypto ikev1 policy 10",
    " authentication pre-share",
    ` encryption ${word("ikeEncryption", phase1.encryption)}`,
    ` hash ${word("ikeIntegrity", phase1.prf)}`,
    ` group ${word("ikeGroup", phase1.group)}`,
    ` lifetime ${phase1.lifetime}`,
    "crypto ikev1 enable outside",
    `crypto ipsec ikev1 transform-set ${objectName(name)} ${esp.join(" ")}`,
  ];
}

/** `ikev2 ipsec-proposal` or `ikev1 transform-set`, as the map and the profile name it. */
function proposal({ tunnel }: PeerInput): string {
  return tunnel.ikeVersion === 2 ? "ikev2 ipsec-proposal" : "ikev1 transform-set";
}

function cryptoMap(input: PeerInput): string[] {
  const { tunnel, gateway } = input;
  const word = wordsFor(ciscoAsa, input);
  const name = objectName(tunnel.name);
  const { group, lifetime } = tunnel.phase2;
  const entry = "crypto map VPN 10";
  const objects = (title: string, networks: readonly string[]) => [
    `object-group network ${title}`,
    ...networks.map((network) => ` network-object ${objectNetwork(network)}`),
  ];
  const exemption = ({ own, far }: MirroredProduct, index: number) => {
    const title = index === 0 ? name : `${name}-${index + 1}`;
    return [
      ...objects(`${title}-OWN`, own),
      ...objects(`${title}-FAR`, far),
      `nat (inside,outside) source static ${title}-OWN ${title}-OWN destination static ` +
        `${title}-FAR ${title}-FAR no-proxy-arp route-lookup`,
    ];
  };
  return [
    ...mirroredPairs(input).map(
      (pair) => `access-list ${name} extended ${aclEntry(pair, "netmask")}`,
    ),
    `${entry} match address ${name}`,
    ...(group === "none" ? [] : [`${entry} set pfs ${word("espGroup", group)}`]),
    `${entry} set peer ${gateway.publicAddress}`,
    `${entry} set ${proposal(input)} ${name}`,
    `${entry} set security-association lifetime seconds ${lifetime}`,
    "crypto map VPN interface outside",
    ...mirroredProducts(input).flatMap(exemption),
  ];
}

function objectNetwork(network: string): string {
  if (isIpv6(network)) return network;
  const address = networkAddress(network);
  return network.endsWith("/32") ? `host ${address}` : `${address} ${netmask(network)}`;
}

function tunnelInterface(input: PeerInput): string[] {
  const { tunnel, gateway } = input;
  const word = wordsFor(ciscoAsa, input);
  const name = objectName(tunnel.name);
  const { group, lifetime } = tunnel.phase2;
  const { address, peerAddress } = tunnel.sec ?? { address: "", peerAddress: "" };
  return [
    `crypto ipsec profile ${name}`,
    ` set ${proposal(input)} ${name}`,
    ...(group === "none" ? [] : [` set pfs ${word("espGroup", group)}`]),
    ` set security-association lifetime seconds ${lifetime}`,
    "interface Tunnel10",
    ` nameif ${name.toLowerCase()}`,
    ` ip address ${peerAddress} ${netmask(address)}`,
    " tunnel source interface outside",
    ` tunnel destination ${gateway.publicAddress}`,
    " tunnel mode ipsec ipv4",
    ` tunnel protection ipsec profile ${name}`,
    ...farNetworks(input).map(
      (network) =>
        `route ${name.toLowerCase()} ${networkAddress(network)} ${netmask(network)} ` +
        address.replace(/\/.*$/, ""),
    ),
  ];
}

function tunnelGroup(input: PeerInput): string[] {
  const { tunnel, gateway, psk } = input;
  return [
    "crypto isakmp identity address",
    `tunnel-group ${gateway.publicAddress} type ipsec-l2l`,
    `tunnel-group ${gateway.publicAddress} ipsec-attributes`,
    ...(tunnel.ikeVersion === 2
      ? [
          ` ikev2 remote-authentication pre-shared-key ${psk}`,
          ` ikev2 local-authentication pre-shared-key ${psk}`,
        ]
      : [` ikev1 pre-shared-key ${psk}`]),
    ` isakmp keepalive threshold ${deadPeerSeconds(ciscoAsa, input)} retry 5`,
  ];
}

function status({ tunnel, gateway }: PeerInput): string[] {
  const version = `ikev${tunnel.ikeVersion}`;
  return [
    "To see how it is:",
    `  show vpn-sessiondb detail l2l filter ipaddress ${gateway.publicAddress}`,
    `  show crypto ${version} sa detail`,
    `  show crypto ipsec sa peer ${gateway.publicAddress}`,
    `To see why it is not: debug crypto condition peer ${gateway.publicAddress}`,
    `  debug crypto ${version === "ikev2" ? "ikev2 protocol 127" : "ikev1 127"}`,
    `To start it anew: clear crypto ipsec sa peer ${gateway.publicAddress}`,
  ];
}
