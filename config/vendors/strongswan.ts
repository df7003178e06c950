import { isAead } from "../algorithms";
import { deviceWords } from "../algorithms/deviceWords";
import { isDistinguishedName } from "../identity";
import { alternativeName } from "../alternativeName";
import { fixedAddress } from "../peer";
import { tunnelInterface } from "../tunnelInterface";
import type { Device } from "./device";
import {
  about,
  comment,
  farNetworks,
  type MirroredPair,
  mirroredPairs,
  pairsNote,
  type PeerInput,
  text,
} from "./peer";
import { deadPeerSeconds, wordsFor } from "./words";

export const strongswan = {
  title: "strongSwan (swanctl)",
  words: deviceWords("strongswan"),
  ownPrf: true,
  phase1Lifetime: [120, 2_678_400],
  phase2Lifetime: [120, 2_678_400],
  deadPeerSeconds: null,
  key: null,
  ipv6: true,
  kinds: ["policy", "route", "gre"],
  traffic: "any",
  selectors: { 1: null, 2: null },
  esn: true,
  ownId: { 1: "any", 2: "any" },
  knowsByAddress: false,
  distinguishedNames: true,
  signatures: "rfc7427",
  neverStarts: null,
  formats: [
    {
      name: "strongswan",
      title: "strongSwan, swanctl.conf",
      holds: "one file for `/etc/swanctl/conf.d`",
      kinds: ["policy", "route", "gre"],
      auths: ["psk", "publickey", "certificate"],
      render,
    },
  ],
} as const satisfies Device;

/** One file for /etc/swanctl/conf.d: connection, children and secret (swanctl.conf(5)). */
function render(input: PeerInput): string {
  const { tunnel, gateway } = input;
  const { name, ikeVersion } = tunnel;
  const own = authentication(input);
  // Absent: whichever address the route to the gateway has.
  const address = fixedAddress(tunnel.peer);
  const silence = deadPeerSeconds(strongswan, input);
  const starter = tunnel.mode === "passive" ? "This end" : "The gateway";
  return text(
    comment(
      "#",
      ...about(input, strongswan.title),
      `Save as /etc/swanctl/conf.d/${name}.conf${own.note}`,
      `${starter} starts the tunnel.`,
      ...own.before,
      ...pairsNote(input),
      ...interfaceCommands(input),
    ),
    ...own.keys,
    "connections {",
    `  ${name} {`,
    `    version = ${ikeVersion}`,
    ...(address === undefined ? [] : [`    local_addrs = ${address}`]),
    `    remote_addrs = ${gateway.publicAddress}`,
    `    proposals = ${ikeProposal(input)}`,
    ...ikeLifetime(input),
    `    dpd_delay = ${silence}s`,
    ...(ikeVersion === 1 ? [`    dpd_timeout = ${4 * silence}s`] : []),
    "    mobike = no",
    "    unique = replace",
    ...own.connection,
    "    local {",
    ...own.local,
    `      id = "${tunnel.remoteId}"`,
    "    }",
    "    remote {",
    ...own.remote,
    `      id = "${tunnel.localId}"`,
    "    }",
    "    children {",
    children(input),
    "    }",
    "  }",
    "}",
    ...own.secrets,
    comment("#", "", ...status(input)),
  );
}

interface Authentication {
  /** What is to be known of the file's mode. */
  readonly note: string;
  readonly before: readonly string[];
  readonly keys: readonly string[];
  readonly connection: readonly string[];
  readonly local: readonly string[];
  readonly remote: readonly string[];
  readonly secrets: readonly string[];
}

function authentication(input: PeerInput): Authentication {
  switch (input.tunnel.auth) {
    case "psk":
      return byPsk(input);
    case "publickey":
      return byPublicKey(input);
    case "certificate":
      return byCertificate(input);
  }
}

function byPsk({ tunnel: { name, localId, remoteId }, psk }: PeerInput): Authentication {
  return {
    note: ", mode 0600: it holds the key.",
    before: [],
    keys: [],
    connection: [],
    local: ["      auth = psk"],
    remote: ["      auth = psk"],
    secrets: [
      "secrets {",
      `  ike-${name} {`,
      `    id-1 = "${localId}"`,
      `    id-2 = "${remoteId}"`,
      `    secret = "${secretText(psk)}"`,
      "  }",
      "}",
    ],
  };
}

/** Before each line of the gateway's key or authorities, so that one command makes a file of them. */
const KEY_MARK = "#= ";
/** Before each line of this device's certificate. */
const CERTIFICATE_MARK = "#~ ";

/**
 * Each end finds the other's key in its own files: no certificate is sent or asked for. iked turns down a
 * payload with a certificate of a kind that it does not know (ca.c ca_getcert).
 */
function byPublicKey({ tunnel: { name, ikeVersion }, publicKey = "" }: PeerInput): Authentication {
  const make = newKey(ikeVersion);
  return {
    note: ".",
    before: [
      "The keys, as root, before it is loaded. The private one is made here, and never leaves this machine:",
      `  (umask 077; ${make} >/etc/swanctl/private/${name}.pem)`,
      `  openssl pkey -in /etc/swanctl/private/${name}.pem -pubout >/etc/swanctl/pubkey/${name}.pem`,
      `  sed -n 's/^${KEY_MARK}//p' /etc/swanctl/conf.d/${name}.conf >/etc/swanctl/pubkey/${name}-gateway.pem`,
      `Send us /etc/swanctl/pubkey/${name}.pem, which is public. The gateway's public key:`,
    ],
    keys: marked(publicKey),
    connection: ["    send_cert = never", "    send_certreq = no"],
    local: ["      auth = pubkey", `      pubkeys = ${name}.pem`],
    remote: ["      auth = pubkey", `      pubkeys = ${name}-gateway.pem`],
    secrets: [],
  };
}

/** isakmpd knows RSA alone. */
const newKey = (ikeVersion: 1 | 2): string =>
  ikeVersion === 2 ? "openssl ecparam -genkey -name prime256v1 -noout" : "openssl genrsa 3072";

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const marked = (pem: string, mark = KEY_MARK): string[] =>
  pem
    .trimEnd()
    .split("\n")
    .map((line) => `${mark}${line}`);

/**
 * swanctl reads one certificate of each file. Which one is sent iked asks for, by its authorities; isakmpd asks for
 * none when it begins, and looks at the first name of a certificate alone.
 */
function byCertificate({
  tunnel: { name, ikeVersion, remoteId },
  authorities = "",
  certificate,
}: PeerInput): Authentication {
  const subject = isDistinguishedName(remoteId) ? remoteId : `/CN=${remoteId}`;
  const names = isDistinguishedName(remoteId)
    ? ""
    : ` -addext 'subjectAltName=${alternativeName(remoteId)}'`;
  const first = ikeVersion === 1 ? " before any other" : "";
  const wanted = names === "" ? "" : `, with that subjectAltName${first}`;
  const file = `/etc/swanctl/conf.d/${name}.conf`;
  const key = `/etc/swanctl/private/${name}.pem`;
  const make = [
    "The key and the request for its certificate, as root. The key is made here, and never leaves this machine:",
    `  (umask 077; ${newKey(ikeVersion)} >${key})`,
    `  openssl req -new -key ${key} -subj ${quoted(subject)}${names} -out ${name}.csr`,
    `Have ${name}.csr signed by one of the authorities below${wanted}, and save the answer as`,
    `/etc/swanctl/x509/${name}.pem. The authorities, which the gateway's certificate is of as well:`,
  ];
  const save = [
    `The certificate of the key in ${key}, whose request you sent us, as root:`,
    `  sed -n 's/^${CERTIFICATE_MARK}//p' ${file} >/etc/swanctl/x509/${name}.pem`,
    "The authorities, which the gateway's certificate is of as well:",
  ];
  return {
    note: ".",
    before: [
      ...(certificate === undefined ? make : save),
      `  sed -n 's/^${KEY_MARK}//p' ${file} |`,
      `    awk '/BEGIN/ { n++ } { print >"/etc/swanctl/x509ca/${name}-" n ".pem" }'`,
    ],
    keys: [
      ...marked(authorities),
      ...(certificate === undefined ? [] : marked(certificate, CERTIFICATE_MARK)),
    ],
    connection: ["    send_cert = always"],
    local: ["      auth = pubkey", `      certs = ${name}.pem`],
    remote: ["      auth = pubkey"],
    secrets: [],
  };
}

/** When strongSwan renews: in time for whoever is the slower. */
const RENEWED_AT = 0.9;

/**
 * In IKEv1 strongSwan proposes rekey_time and over_time together, a tenth more than rekey_time without
 * over_time, and isakmpd accepts exactly its own lifetime of phase 1 (ike_phase_1.c).
 */
function ikeLifetime({ tunnel: { ikeVersion, phase1 } }: PeerInput): string[] {
  if (ikeVersion === 2) return [`    rekey_time = ${phase1.lifetime}s`];
  const renewed = Math.floor(phase1.lifetime * RENEWED_AT);
  return [
    "    # Together the lifetime that is proposed: the gateway accepts no other.",
    `    rekey_time = ${renewed}s`,
    `    over_time = ${phase1.lifetime - renewed}s`,
  ];
}

/** In IKEv1 strongSwan proposes life_time. Of a passive tunnel isakmpd renews nothing (sa_soft_expire). */
function childLifetime({ tunnel: { ikeVersion, phase2 } }: PeerInput): string[] {
  if (ikeVersion === 2) return [`        rekey_time = ${phase2.lifetime}s`];
  return [
    `        life_time = ${phase2.lifetime}s`,
    `        rekey_time = ${Math.floor(phase2.lifetime * RENEWED_AT)}s`,
    "        rand_time = 0s",
  ];
}

/** What would be read as base64, as hexadecimal unlike by the gateway, or as an escape, is written as base64. */
function secretText(psk: string): string {
  return /^0[sSX]|["\\]/.test(psk) ? `0s${Buffer.from(psk).toString("base64")}` : psk;
}

function ikeProposal(input: PeerInput): string {
  const word = wordsFor(strongswan, input);
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
  const word = wordsFor(strongswan, input);
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
    ...childLifetime(input),
    ...(tunnel.kind === "route" ? ["        if_id_in = 10", "        if_id_out = 10"] : []),
    ...(tunnel.kind === "gre" ? ["        mode = transport"] : []),
    `        start_action = ${starts ? "start" : "none"}`,
    `        close_action = ${starts ? "start" : "none"}`,
    `        dpd_action = ${starts ? "restart" : "clear"}`,
    "      }",
  ];
}

/** Linux needs an interface for 0/0, or all its traffic would go into the tunnel, and one for GRE. */
function interfaceCommands(input: PeerInput): string[] {
  const { tunnel, gateway } = input;
  const own = tunnelInterface(tunnel);
  if (!own) return [];
  const prefix = own.address.replace(/^.*\//, "");
  return [
    ...(tunnel.kind === "gre"
      ? [
          "Before it is loaded; your filter has to drop GRE (protocol 47) that comes or leaves without ESP:",
          `  ip link add vpn10 type gre local ${tunnel.peer} remote ${gateway.publicAddress} ttl 64`,
        ]
      : [
          "Before it is loaded (OUTSIDE is the outside interface):",
          "  ip link add vpn10 type xfrm dev OUTSIDE if_id 10",
        ]),
    `  ip address add ${own.peerAddress}/${prefix} dev vpn10`,
    `  ip link set vpn10 mtu ${own.mtu} up`,
    ...farNetworks(input).map((network) => `  ip route add ${network} dev vpn10`),
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
