import { isAead } from "../../config/algorithms";
import { GROUP_NUMBERS } from "../../config/vendors";
import { farNetworks, identityKind, mirroredPairs, type PeerInput, text } from "./peer";

/** One page for an engineer whose device we do not know, to be mailed. */
export function sheet(input: PeerInput): string {
  const { tunnel, gateway, psk } = input;
  const { phase1, phase2, ikeVersion } = tunnel;
  return text(
    `# IPsec tunnel ${tunnel.name}`,
    "",
    "Please configure your end like this. Both ends have to agree in every line.",
    "",
    table("Ends", [
      ["Our gateway", gateway.publicAddress],
      ["Your gateway", tunnel.peer],
      ["Our identity", `${tunnel.localId} (${identityName(tunnel.localId)})`],
      ["Your identity", `${tunnel.remoteId} (${identityName(tunnel.remoteId)})`],
      ["Who starts", tunnel.mode === "active" ? "we do; you may too" : "you do; we only answer"],
      ["NAT traversal", "on (UDP 500 and 4500)"],
    ]),
    table(`Phase 1 (IKE SA)`, [
      ["IKE version", ikeVersion === 2 ? "IKEv2" : "IKEv1, main mode"],
      ["Authentication", "pre-shared key, both ways"],
      ["Pre-shared key", `\`${psk}\``],
      ["Encryption", encryptionName(phase1.encryption)],
      ...(isAead(phase1.encryption)
        ? []
        : ([["Integrity", hashName(phase1.integrity ?? phase1.prf)]] as const)),
      ...(ikeVersion === 2 ? ([["PRF", hashName(phase1.prf)]] as const) : []),
      ["Diffie-Hellman group", groupName(phase1.group)],
      ["Lifetime", `${phase1.lifetime} seconds`],
      ["Dead peer detection", "on, 30 seconds"],
    ]),
    table("Phase 2 (child SA)", [
      ["Protocol", "ESP, tunnel mode"],
      ["Encryption", encryptionName(phase2.encryption)],
      ...(phase2.integrity === undefined
        ? []
        : ([["Integrity", hashName(phase2.integrity)]] as const)),
      ["Perfect forward secrecy", phase2.group === "none" ? "off" : groupName(phase2.group)],
      ["Lifetime", `${phase2.lifetime} seconds`],
      ...(phase2.esn === undefined
        ? []
        : ([["Extended sequence numbers", phase2.esn ? "on" : "off"]] as const)),
      ["Compression", "off"],
    ]),
    "## Networks",
    "",
    ...networks(input),
    "",
    "## When it does not come up",
    "",
    "Please send the lines of your log about our address, with their times, and what your device",
    "says of phase 1, of phase 2, and of the bytes sent and received. Never send the key.",
  );
}

type Row = readonly [name: string, value: string];

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

function networks(input: PeerInput): string[] {
  const { tunnel } = input;
  if (tunnel.sec) {
    const { address, peerAddress } = tunnel.sec;
    return [
      "Route-based: the selectors are 0.0.0.0/0 (or ::/0) on both sides.",
      "",
      "| your networks | our networks |",
      "| - | - |",
      `| ${tunnel.remote.join(", ")} | ${farNetworks(input).join(", ")} |`,
      `| ${peerAddress} (your tunnel interface) | ${address} (ours) |`,
    ];
  }
  const end = (network: string, port?: number) =>
    port === undefined ? network : `${network} port ${port}`;
  return [
    "The selectors, each exactly as written" +
      (tunnel.ikeVersion === 2 ? ", all in one child SA:" : ", each in an SA of its own:"),
    "",
    "| your network | our network | protocol |",
    "| - | - | - |",
    ...mirroredPairs(input).map(
      ({ own, far, protocol = "all", ownPort, farPort }) =>
        `| ${end(own, ownPort)} | ${end(far, farPort)} | ${protocol} |`,
    ),
  ];
}

function identityName(identity: string): string {
  return { address: "IP address", user: "user FQDN", name: "FQDN" }[identityKind(identity)];
}

function encryptionName(name: string): string {
  if (name === "3des") return "3DES-CBC";
  if (name.endsWith("-gcm-12")) return `${name.slice(0, -3).toUpperCase()} (12 byte ICV)`;
  if (name.endsWith("-gcm")) return `${name.toUpperCase()} (16 byte ICV)`;
  return /^aes-\d+$/.test(name) ? `${name.toUpperCase()}-CBC` : name.toUpperCase();
}

function hashName(name: string): string {
  return name.replace("hmac-sha2-", "HMAC-SHA2-").replace("hmac-", "HMAC-").toUpperCase();
}

function groupName(name: string): string {
  const number = GROUP_NUMBERS[name];
  return number === undefined ? name : `${number} (${name})`;
}
