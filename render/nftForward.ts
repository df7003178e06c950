import { family } from "../config/net";
import { lines } from "./text";

const TABLE = "inet openbsd-ipsec-gateway";

/** One port forward of the perimeter firewall. */
export interface Forward {
  /** Name within the machine's forwards, such as `udp-500`. */
  readonly name: string;
  /** The machine it belongs to: two gateways may share one firewall. */
  readonly machine: string;
  readonly protocol: "udp" | "esp";
  /** Destination port, with udp only. */
  readonly port?: number | undefined;
  /** Where the packets arrive. */
  readonly outside: { readonly interface: string; readonly address: string };
  /** The gateway's inside address, of the same family. */
  readonly target: string;
  /** The peers that may use the forward; those of another family cannot and are left out. */
  readonly sources: readonly string[];
}

export interface NftCommands {
  /** Shell command that loads `apply` from standard input. */
  readonly load: string;
  /** Text for `nft -f -`: one transaction, the same result however often it runs. */
  readonly apply: string;
  /** Shell command that removes the forward, and the table with the last one. */
  readonly remove: string;
  /** Shell command that exits 0 if the firewall has the forward loaded. */
  readonly readBack: string;
}

/**
 * A forward as nft(8) commands, in a table of its own: each forward is one base chain, so that it
 * comes, changes and goes alone and the user's tables are never touched.
 */
export function nftForward(forward: Forward): NftCommands {
  const chain = `${TABLE} ${forward.machine}.${forward.name}`;
  return {
    load: lines("nft -f -", ...forgetStrays(forward)).trimEnd(),
    apply: lines(
      `add table ${TABLE}`,
      `add chain ${chain} { type nat hook prerouting priority dstnat; policy accept; }`,
      `flush chain ${chain}`,
      ...rule(forward).map((text) => `add rule ${chain} ${text}`),
    ),
    remove: lines(
      `if nft list chain ${chain} >/dev/null 2>&1; then`,
      `  printf '%s\\n' 'flush chain ${chain}' 'delete chain ${chain}' | nft -f -`,
      "fi",
      `if rest=$(nft list table ${TABLE} 2>/dev/null); then`,
      `  case $rest in *'chain '*) ;; *) nft delete table ${TABLE} ;; esac`,
      "fi",
    ),
    readBack: `nft list chain ${chain} | grep -qF 'to ${forward.target} comment "${label(forward)}"'`,
  };
}

/**
 * A peer that knocked before the forward existed is tracked as a flow to the firewall itself, and NAT
 * looks at the first packet of a flow only: as long as it goes on knocking, it would never get in.
 */
function forgetStrays({ protocol, port, outside }: Forward): string[] {
  if (protocol !== "udp" || port === undefined) return [];
  const own = `--orig-dst ${outside.address} --reply-src ${outside.address}`;
  return [
    "status=$?",
    "if command -v conntrack >/dev/null; then",
    `  conntrack -D -p udp ${own} --orig-port-dst ${port} >/dev/null 2>&1`,
    "fi",
    "exit $status",
  ];
}

function label({ machine, name }: Forward): string {
  return `${machine} ${name}`;
}

/** No peer, no rule: a set must not be empty, and an open forward is never wanted. */
function rule(forward: Forward): string[] {
  const { outside, target, sources } = forward;
  const ip = family(outside.address) === 6 ? "ip6" : "ip";
  const peers = [...new Set(sources)].filter((peer) => family(peer) === family(outside.address));
  if (peers.length === 0) return [];
  return [
    [
      `iifname "${outside.interface}"`,
      `${ip} saddr { ${peers.join(", ")} }`,
      `${ip} daddr ${outside.address}`,
      match(forward),
      `dnat ${ip} to ${target}`,
      `comment "${label(forward)}"`,
    ].join(" "),
  ];
}

function match({ protocol, port }: Forward): string {
  return port === undefined ? `meta l4proto ${protocol}` : `${protocol} dport ${port}`;
}
