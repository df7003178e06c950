import { deviceWords } from "../algorithms/deviceWords";
import type { Device } from "./device";
import { about, comment, farNetworks, mirroredPairs, type PeerInput, text } from "./peer";
import { deadPeerSeconds, wordsFor } from "./words";

export const aws = {
  title: "AWS Site-to-Site VPN",
  words: deviceWords("aws"),
  ownPrf: false,
  phase1Lifetime: [900, 28800],
  phase2Lifetime: [900, 3600],
  deadPeerSeconds: [30, Infinity],
  key: {
    form: /^(?!0)[A-Za-z0-9._]{8,64}$/,
    says: "8 to 64 characters of A-Z a-z 0-9 . _ that do not start with 0",
    prefix: "k",
  },
  ipv6: false,
  kinds: ["policy", "route"],
  traffic: "none",
  selectors: { 1: 1, 2: 1 },
  esn: false,
  ownId: { 1: "address", 2: "address" },
  knowsByAddress: true,
  distinguishedNames: false,
  signatures: null,
  neverStarts: 1,
  formats: [
    {
      name: "aws",
      title: "AWS Site-to-Site VPN",
      holds: "options of a VPN connection and the commands to use it",
      kinds: ["policy", "route"],
      auths: ["psk"],
      render,
    },
  ],
} as const satisfies Device;

/**
 * Options of a Site-to-Site VPN connection and the commands that make it. The key is in the options
 * file, never in an argument. AWS chooses its own outside address and always makes two tunnels.
 */
function render(input: PeerInput): string {
  const { tunnel, gateway } = input;
  const file = `${tunnel.name}-options.json`;
  return text(
    comment(
      "#",
      ...about(input, aws.title),
      "AWS names its outside addresses when the connection is made: then write the first one as the",
      "tunnel's peer. It makes a second tunnel, which stays down.",
      "VPC_GATEWAY is the virtual private gateway, CUSTOMER_GATEWAY what the first command prints.",
    ),
    "umask 077",
    `cat >${file} <<'END'`,
    JSON.stringify(options(input), null, 2),
    "END",
    `aws ec2 create-customer-gateway --type ipsec.1 --ip-address ${gateway.publicAddress} \\`,
    `  --device-name ${gateway.name}`,
    "aws ec2 create-vpn-connection --type ipsec.1 --customer-gateway-id CUSTOMER_GATEWAY \\",
    `  --vpn-gateway-id VPC_GATEWAY --options file://${file}`,
    `rm ${file}`,
    ...farNetworks(input).map(
      (network) =>
        "aws ec2 create-vpn-connection-route --vpn-connection-id VPN_CONNECTION \\\n" +
        `  --destination-cidr-block ${network}`,
    ),
    comment("#", "", ...status()),
  );
}

function options(input: PeerInput): object {
  const { tunnel, psk } = input;
  const word = wordsFor(aws, input);
  const { phase1, phase2, sec } = tunnel;
  const [pair] = mirroredPairs(input);
  const one = (value: string | number) => [{ Value: value }];
  const phase2Integrity = phase2.integrity ?? phase1.integrity ?? phase1.prf;
  const described = {
    PreSharedKey: psk,
    ...(sec && { TunnelInsideCidr: sec.address.replace(/\d+\/30$/, (host) => network30(host)) }),
    IKEVersions: one(`ikev${tunnel.ikeVersion}`),
    Phase1EncryptionAlgorithms: one(word("ikeEncryption", phase1.encryption)),
    // Of an AEAD cipher this is the PRF.
    Phase1IntegrityAlgorithms: one(word("ikeIntegrity", phase1.prf)),
    Phase1DHGroupNumbers: one(Number(word("ikeGroup", phase1.group))),
    Phase1LifetimeSeconds: phase1.lifetime,
    Phase2EncryptionAlgorithms: one(word("espEncryption", phase2.encryption)),
    Phase2IntegrityAlgorithms: one(word("espIntegrity", phase2Integrity)),
    Phase2DHGroupNumbers: one(Number(word("espGroup", phase2.group))),
    Phase2LifetimeSeconds: phase2.lifetime,
    DPDTimeoutSeconds: deadPeerSeconds(aws, input),
    DPDTimeoutAction: tunnel.mode === "passive" ? "restart" : "clear",
    StartupAction: tunnel.mode === "passive" ? "start" : "add",
  };
  return {
    StaticRoutesOnly: true,
    LocalIpv4NetworkCidr: pair?.far ?? "0.0.0.0/0",
    RemoteIpv4NetworkCidr: pair?.own ?? "0.0.0.0/0",
    TunnelOptions: [described],
  };
}

/** `2/30` → `0/30`: the network that the address lies in. */
function network30(host: string): string {
  const last = Number(host.replace("/30", ""));
  return `${last - (last % 4)}/30`;
}

function status(): string[] {
  return [
    "To see how it is (VgwTelemetry tells UP or DOWN of each tunnel):",
    "  aws ec2 describe-vpn-connections --vpn-connection-ids VPN_CONNECTION",
    "To see why it is not: turn on tunnel activity logs to CloudWatch (LogOptions)",
    "To start it anew: aws ec2 replace-vpn-tunnel --vpn-connection-id VPN_CONNECTION \\",
    "  --vpn-tunnel-outside-ip-address ADDRESS",
  ];
}
