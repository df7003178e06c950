import { groupNumber, isAead, titleOf } from "../algorithms";
import { alternativeName } from "../alternativeName";
import { isDistinguishedName, keyName } from "../identity";
import { ANY_PEER, peerName } from "../peer";
import { tunnelInterface } from "../tunnelInterface";
import { idText } from "../selectors";
import type { PeerFormat } from "./device";
import {
  farNetworks,
  identityKind,
  isIpv6,
  mirroredPairs,
  ownNetworks,
  type PeerInput,
  text,
} from "./peer";

/** For a device of unknown make. */
export const sheet = {
  name: "sheet",
  title: "a page to mail, for any device",
  holds: "one page of Markdown to mail, for any device",
  kinds: ["policy", "route", "gre"],
  auths: ["psk", "publickey", "certificate"],
  render,
} as const satisfies PeerFormat;

/** A name may have addresses of both families, and the gateway takes those of its own. */
function yourGateway({ tunnel: { peer }, gateway }: PeerInput): string {
  if (peer === ANY_PEER) return "any address";
  if (peerName(peer) === undefined) return peer;
  return `${peer}, by its ${isIpv6(gateway.publicAddress) ? "IPv6 address (AAAA record)" : "IPv4 address (A record)"}`;
}

/** One page for an engineer whose device we do not know, to be mailed. */
function render(input: PeerInput): string {
  const { tunnel, gateway } = input;
  const { phase1, phase2, ikeVersion } = tunnel;
  return text(
    `# IPsec tunnel ${tunnel.name}`,
    "",
    "Please configure your end like this. Both ends have to agree in every line.",
    "",
    table("Ends", [
      ["Our gateway", gateway.publicAddress],
      ["Your gateway", yourGateway(input)],
      ["Our identity", `${tunnel.localId} (${identityName(tunnel.localId)})`],
      ["Your identity", `${tunnel.remoteId} (${identityName(tunnel.remoteId)})`],
      ["Who starts", tunnel.mode === "active" ? "we do; you may too" : "you do; we only answer"],
      ["NAT traversal", "on (UDP 500 and 4500)"],
    ]),
    table(`Phase 1 (IKE SA)`, [
      ["IKE version", ikeVersion === 2 ? "IKEv2" : "IKEv1, main mode"],
      ...authentication(input),
      ["Encryption", titleOf("encryption", phase1.encryption)],
      ...(isAead(phase1.encryption)
        ? []
        : ([["Integrity", titleOf("hash", phase1.integrity ?? phase1.prf)]] as const)),
      ...(ikeVersion === 2 ? ([["PRF", titleOf("hash", phase1.prf)]] as const) : []),
      ["Diffie-Hellman group", groupName(phase1.group)],
      ["Lifetime", lifetime(ikeVersion, phase1.lifetime)],
      ["Dead peer detection", `on, ${gateway.deadPeerSeconds} seconds`],
    ]),
    table("Phase 2 (child SA)", [
      ["Protocol", `ESP, ${tunnel.kind === "gre" ? "transport" : "tunnel"} mode`],
      ["Encryption", titleOf("encryption", phase2.encryption)],
      ...(phase2.integrity === undefined
        ? []
        : ([["Integrity", titleOf("hash", phase2.integrity)]] as const)),
      ["Perfect forward secrecy", phase2.group === "none" ? "off" : groupName(phase2.group)],
      ["Lifetime", `${phase2.lifetime} seconds`],
      ...(phase2.esn === undefined
        ? []
        : ([["Extended sequence numbers", phase2.esn ? "on" : "off"]] as const)),
      ["Compression", "off"],
    ]),
    ...keys(input),
    "## Networks",
    "",
    ...networks(input),
    "",
    "## When it does not come up",
    "",
    "Please send the lines of your log about our address, with their times, and what your device",
    `says of phase 1, of phase 2, and of the bytes sent and received. Never send ${tunnel.auth === "psk" ? "the" : "a private"} key.`,
  );
}

type Row = readonly [name: string, value: string];

function authentication({ tunnel: { auth, ikeVersion }, psk }: PeerInput): Row[] {
  switch (auth) {
    case "psk":
      return [
        ["Authentication", "pre-shared key, both ways"],
        ["Pre-shared key", keyText(psk)],
      ];
    case "certificate":
      return [
        [
          "Authentication",
          ikeVersion === 2
            ? "digital signatures (RFC 7427) with SHA-2, both ways, by X.509 certificates"
            : "RSA signatures, both ways, by X.509 certificates, which each end sends unasked",
        ],
      ];
    case "publickey":
      return [
        [
          "Authentication",
          ikeVersion === 2
            ? "digital signatures (RFC 7427) with SHA-2, both ways; raw public keys, no certificates"
            : "RSA signatures, both ways; raw public keys, no certificates",
        ],
      ];
  }
}

function keyText(psk: string): string {
  const mark = psk.includes("`") ? "``" : "`";
  const code = `${mark}${psk.replaceAll("|", "\\|")}${mark}`;
  return psk.startsWith("0x") ? `${code}, bytes in hexadecimal` : code;
}

function keys(input: PeerInput): string[] {
  switch (input.tunnel.auth) {
    case "psk":
      return [];
    case "publickey":
      return publicKeys(input);
    case "certificate":
      return certificates(input);
  }
}

function certificates({
  tunnel: { ikeVersion, localId, remoteId },
  authorities = "",
  certificate,
}: PeerInput): string[] {
  const wanted = (identity: string) =>
    isDistinguishedName(identity)
      ? `the subject \`${identity}\``
      : `the subjectAltName \`${alternativeName(identity)}\``;
  return [
    "## Certificates",
    "",
    ...(certificate === undefined
      ? [
          `Please make a private key on your device, RSA${ikeVersion === 2 ? " or ECDSA" : ""}, keep it there, and have its certificate signed`,
          `by one of these authorities, with ${wanted(remoteId)}${ikeVersion === 2 ? "" : " before any other name"}. Ours has ${wanted(localId)}`,
          "and is signed by one of them:",
        ]
      : [
          "By the request that you sent us we have your certificate signed:",
          "",
          "```",
          certificate.trimEnd(),
          "```",
          "",
          `Ours has ${wanted(localId)}, and is signed by one of these authorities, which your device has to believe:`,
        ]),
    "",
    "```",
    authorities.trimEnd(),
    "```",
    "",
  ];
}

/** Each end has the other's key by a way of its own: a raw key that came by IKE would be believed unseen. */
function publicKeys({ tunnel, publicKey = "" }: PeerInput): string[] {
  const daemon = tunnel.ikeVersion === 2 ? "iked" : "isakmpd";
  return [
    "## Keys",
    "",
    `Please make a private key on your device${tunnel.ikeVersion === 2 ? ", RSA or ECDSA" : ", RSA"}, keep it there, and send us its public half`,
    "in PEM (`openssl pkey -in KEY -pubout`). Compare what arrives by telephone. This is ours:",
    "",
    "```",
    publicKey.trimEnd(),
    "```",
    "",
    `On OpenBSD it is saved as \`/etc/${daemon}/pubkeys/${keyName(tunnel.localId)}\`, and yours is`,
    `\`/etc/${daemon}/local.pub\`.`,
    "",
  ];
}

function table(title: string, rows: readonly Row[]): string[] {
  return [
    `## ${title}`,
    "",
    "|   |   |",
    "| - | - |",
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    "",
  ];
}

/** What each end sends goes by its own choice: a dead tunnel keeps the answers of an end that does not choose. */
function severalTunnels(peerAddress: string): string {
  return (
    `Several tunnels lead to these networks. We ping ${peerAddress} through this one all the time, which has to answer, ` +
    "and send by the first tunnel that answers. Please choose by pings to our interface in the same way: " +
    "what you send into a dead tunnel is lost."
  );
}

function greBetween({ tunnel: { peer, gre }, gateway }: PeerInput): string {
  const routing = gre?.routing?.map((protocol) => protocol.toUpperCase()).join(" and ");
  return (
    `GRE (IP protocol 47, without a key) between ${peer} (you) and ${gateway.publicAddress} (us), which ESP protects ` +
    `in transport mode: the selectors are the two addresses and protocol 47. Its MTU is ${gre?.mtu} bytes on our side.` +
    (routing === undefined ? "" : ` Over it we let ${routing} through between the two ends.`)
  );
}

function networks(input: PeerInput): string[] {
  const { tunnel } = input;
  const through = tunnelInterface(tunnel);
  if (through) {
    const { address, peerAddress } = through;
    return [
      tunnel.kind === "gre"
        ? greBetween(input)
        : "Route-based: the selectors are 0.0.0.0/0 (or ::/0) on both sides.",
      "",
      "| your networks | our networks |",
      "| - | - |",
      `| ${ownNetworks(input).join(", ")} | ${farNetworks(input).join(", ")} |`,
      `| ${peerAddress} (your tunnel interface) | ${address} (ours) |`,
      ...(tunnel.group ? ["", severalTunnels(peerAddress)] : []),
    ];
  }
  const end = (network: string, port?: number) =>
    port === undefined ? network : `${network} port ${port}`;
  const pairs = mirroredPairs(input);
  const hosts = pairs.some(({ own, far }) => idText(own) !== own || idText(far) !== far);
  return [
    "The selectors, each exactly as written" +
      (tunnel.ikeVersion === 2 ? ", all in one child SA:" : ", each in an SA of its own:"),
    "",
    "| your network | our network | protocol |",
    "| - | - | - |",
    ...pairs.map(
      ({ own, far, protocol = "all", ownPort, farPort }) =>
        `| ${end(own, ownPort)} | ${end(far, farPort)} | ${protocol} |`,
    ),
    ...(tunnel.ikeVersion === 1 && hosts
      ? ["", "A /32 or /128 is a host: identity type address, not a subnet of one address."]
      : []),
  ];
}

/** isakmpd refuses a phase 1 with another lifetime than its own, or with one in kilobytes. */
function lifetime(ikeVersion: 1 | 2, seconds: number): string {
  return ikeVersion === 2
    ? `${seconds} seconds`
    : `${seconds} seconds, and no other: our side refuses a longer or a shorter one, or kilobytes`;
}

function identityName(identity: string): string {
  if (isDistinguishedName(identity)) return "distinguished name, ASN.1 DN";
  return { address: "IP address", user: "user FQDN", name: "FQDN" }[identityKind(identity)];
}

function groupName(name: string): string {
  const number = groupNumber(name);
  return number === undefined ? name : `${number} (${name})`;
}
