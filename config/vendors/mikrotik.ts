import { isAead } from "../algorithms";
import { deviceWords } from "../algorithms/deviceWords";
import type { Device } from "./device";
import {
  about,
  comment,
  identityKind,
  isIpv6,
  type MirroredPair,
  mirroredPairs,
  mirroredProducts,
  type PeerInput,
  text,
} from "./peer";
import { deadPeerSeconds, wordsFor } from "./words";

export const mikrotik = {
  title: "MikroTik RouterOS 7",
  words: deviceWords("mikrotik"),
  ownPrf: false,
  phase1Lifetime: [120, 86400],
  phase2Lifetime: [120, 86400],
  deadPeerSeconds: null,
  key: null,
  ipv6: true,
  kinds: ["policy"],
  traffic: "any",
  selectors: { 1: null, 2: 1 },
  esn: false,
  ownId: { 1: "any", 2: "any" },
  knowsByAddress: false,
  distinguishedNames: false,
  signatures: null,
  neverStarts: null,
  formats: [
    {
      name: "mikrotik",
      title: "MikroTik RouterOS",
      holds: "profile, proposal, peer, identity, policies, exemption",
      kinds: ["policy"],
      auths: ["psk"],
      render,
    },
  ],
} as const satisfies Device;

/** Profile, peer, proposal, identity, a policy per pair of networks, and the NAT exemption. */
function render(input: PeerInput): string {
  const { tunnel, gateway, psk } = input;
  const word = wordsFor(mikrotik, input);
  const { name, phase1 } = tunnel;
  const host = isIpv6(gateway.publicAddress) ? 128 : 32;
  // Of an active tunnel the gateway is the initiator; RouterOS must then only answer.
  const passive = tunnel.mode === "active" ? "yes" : "no";
  return text(
    comment("#", ...about(input, mikrotik.title), "Paste into a terminal; the order matters."),
    "/ip ipsec profile",
    `add name=${name} enc-algorithm=${word("ikeEncryption", phase1.encryption)} ` +
      `hash-algorithm=${word("ikeIntegrity", phase1.integrity ?? phase1.prf)} ` +
      `dh-group=${word("ikeGroup", phase1.group)} lifetime=${time(phase1.lifetime)} ` +
      `dpd-interval=${deadPeerSeconds(mikrotik, input)}s dpd-maximum-failures=4 nat-traversal=yes`,
    "/ip ipsec proposal",
    proposal(input),
    "/ip ipsec peer",
    `add name=${name} address=${gateway.publicAddress}/${host} ` +
      `exchange-mode=${tunnel.ikeVersion === 2 ? "ike2" : "main"} profile=${name} ` +
      `passive=${passive} send-initial-contact=yes`,
    "/ip ipsec identity",
    `add peer=${name} auth-method=pre-shared-key secret="${psk.replace(/["\\$?]/g, "\\$&")}" ` +
      `my-id=${identity(tunnel.remoteId)} remote-id=${identity(tunnel.localId)} generate-policy=no`,
    "/ip ipsec policy",
    mirroredPairs(input).map((pair) => policy(pair, name)),
    exemption(input),
    comment("#", "", ...status(input)),
  );
}

function proposal(input: PeerInput): string {
  const word = wordsFor(mikrotik, input);
  const { encryption, integrity, group, lifetime } = input.tunnel.phase2;
  const auth =
    isAead(encryption) || integrity === undefined ? '""' : word("espIntegrity", integrity);
  return (
    `add name=${input.tunnel.name} enc-algorithms=${word("espEncryption", encryption)} ` +
    `auth-algorithms=${auth} pfs-group=${word("espGroup", group)} lifetime=${time(lifetime)}`
  );
}

function policy({ own, far, protocol, ownPort, farPort }: MirroredPair, name: string): string {
  const only =
    protocol === undefined
      ? ""
      : ` protocol=${protocol === "icmp6" ? "icmpv6" : protocol}` +
        (ownPort === undefined ? "" : ` src-port=${ownPort}`) +
        (farPort === undefined ? "" : ` dst-port=${farPort}`);
  return (
    `add peer=${name} tunnel=yes src-address=${own} dst-address=${far}${only} ` +
    `action=encrypt level=unique proposal=${name}`
  );
}

/** Masquerading comes before the policies and would change the addresses they look for. */
function exemption(input: PeerInput): string[] {
  const pairs = mirroredProducts(input).flatMap(({ own, far }) =>
    own.flatMap((one) => far.map((network) => ({ own: one, network }))),
  );
  const menu = pairs.some(({ own }) => isIpv6(own)) ? "/ipv6" : "/ip";
  return [
    `${menu} firewall nat`,
    ...pairs.map(
      ({ own, network }) =>
        `add chain=srcnat action=accept src-address=${own} dst-address=${network} ` +
        `comment="tunnel ${input.tunnel.name}" place-before=0`,
    ),
  ];
}

function identity(id: string): string {
  const kind = { address: "address", user: "user-fqdn", name: "fqdn" }[identityKind(id)];
  return `${kind}:${id}`;
}

/** RouterOS writes times as 8h, 30m or 90s, largest unit first. */
function time(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  return [
    hours > 0 ? `${hours}h` : "",
    minutes > 0 ? `${minutes}m` : "",
    rest > 0 ? `${rest}s` : "",
  ].join("");
}

function status({ tunnel, gateway }: PeerInput): string[] {
  return [
    "To see how it is:",
    `  /ip ipsec active-peers print detail where remote-address~"${gateway.publicAddress}"`,
    `  /ip ipsec policy print detail where peer=${tunnel.name}`,
    "  /ip ipsec installed-sa print",
    "To see why it is not: /system logging add topics=ipsec,!packet; /log print follow",
    `To start it anew: /ip ipsec peer disable ${tunnel.name}; /ip ipsec peer enable ${tunnel.name}`,
  ];
}
