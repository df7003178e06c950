import { ciscoIos } from "../../config/vendors/ciscoIos";
import { objectName } from "./cisco";
import { DEAD_PEER_SECONDS, identityKind, type PeerInput, wordsFor } from "./peer";

/** Phase 1 and the transform set, the same for crypto maps and tunnel interfaces. */
export function iosIke(input: PeerInput): string[] {
  return [...(input.tunnel.ikeVersion === 2 ? ikev2(input) : ikev1(input)), ...transformSet(input)];
}

/** What a crypto map or profile says of the child SA, and of whom it is for. */
export function iosChild(input: PeerInput): string[] {
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
  const { tunnel, gateway, psk } = input;
  const word = wordsFor(ciscoIos, input);
  const name = objectName(tunnel.name);
  const { encryption, integrity, prf, group, lifetime } = tunnel.phase1;
  return [
    `crypto ikev2 proposal ${name}`,
    ` encryption ${word("ikeEncryption", encryption)}`,
    ...(integrity === undefined ? [] : [` integrity ${word("ikeIntegrity", integrity)}`]),
    ...(prf === integrity ? [] : [` prf ${word("ikePrf", prf)}`]),
    ` group ${word("ikeGroup", group)}`,
    `crypto ikev2 policy ${name}`,
    ` match address local ${tunnel.peer}`,
    ` proposal ${name}`,
    `crypto ikev2 keyring ${name}`,
    ` peer ${name}`,
    `  address ${gateway.publicAddress}`,
    `  pre-shared-key ${psk}`,
    `crypto ikev2 profile ${name}`,
    ` match identity remote ${ikev2Identity(tunnel.localId, "255.255.255.255")}`,
    ` identity local ${ikev2Identity(tunnel.remoteId)}`,
    " authentication remote pre-share",
    " authentication local pre-share",
    ` keyring local ${name}`,
    ` lifetime ${lifetime}`,
    ` dpd ${DEAD_PEER_SECONDS} 5 periodic`,
  ];
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
    ` keepalive ${DEAD_PEER_SECONDS} retry 5`,
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
    " mode tunnel",
  ];
}

/** What to look at afterwards. */
export function iosStatus({ tunnel, gateway }: PeerInput): string[] {
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
