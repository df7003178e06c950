import type { Kind } from "../../config/algorithms";
import { nameOfWord } from "../../config/algorithms/daemonWords";
import { allProposals } from "../../config/proposals";
import type { LiveState } from "../../parse/gwctlLive";
import type { Algorithms } from "../../parse/ikedEvents";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { PairSas } from "./sas";

/** The declared name of what ipsecctl prints: its `aes` is AES-128 (ipsecctl parse.y). */
export function fullName(kind: Kind, word: string | undefined): string | undefined {
  return word === undefined ? undefined : nameOfWord("isakmpd", kind, word);
}

/** How the gateway's own record of the tunnel differs from the declaration. */
export function recordDiffers(tunnel: DeclaredTunnel, live: LiveState): string[] {
  const { name, enabled } = tunnel;
  const record = live.tunnels.find((known) => known.name === name);
  if (record === undefined) {
    return enabled ? ["declared, but not on the gateway: run pulumi up"] : [];
  }
  const wanted = tunnel.ikeVersion === 2 ? "iked" : "isakmpd";
  const found: string[] = [];
  if (record.daemon !== wanted) {
    found.push(`declared for ${wanted}, but the gateway has it in ${record.daemon}: run pulumi up`);
  }
  if (enabled && record.state === "down") {
    found.push(`declared enabled, but taken down by hand: gateway tunnel up ${name}`);
  }
  if (enabled && record.state === "disabled") {
    found.push("declared enabled, but disabled on the gateway: run pulumi up");
  }
  if (!enabled && record.state === "up") {
    found.push("declared disabled, but enabled on the gateway: run pulumi up");
  }
  return found;
}

/** How what was negotiated differs from what is declared: from the proposal that comes nearest. */
export function algorithmsDiffer(
  tunnel: DeclaredTunnel,
  ike: Algorithms | undefined,
  pairs: readonly PairSas[],
  children: readonly (Algorithms | undefined)[],
): string[] {
  const { phase1, phase2 } = allProposals(tunnel);
  return [
    ...fewest(phase1.map(({ proposal }) => ikeDiffers(proposal, ike))),
    ...fewest(phase2.map(({ proposal }) => childDiffers(proposal, pairs, children))),
  ];
}

function fewest(lists: readonly string[][]): string[] {
  return lists.reduce((least, one) => (one.length < least.length ? one : least));
}

function ikeDiffers(declared: DeclaredTunnel["phase1"], ike: Algorithms | undefined): string[] {
  return [
    ...differs("phase 1 encryption", declared.encryption, ike?.encryption),
    ...differs("phase 1 integrity", declared.integrity, ike?.integrity),
    ...differs("phase 1 prf", declared.prf, ike?.prf),
    ...differs("phase 1 group", declared.group, ike?.group),
  ];
}

function childDiffers(
  declared: DeclaredTunnel["phase2"],
  pairs: readonly PairSas[],
  children: readonly (Algorithms | undefined)[],
): string[] {
  const found = pairs.flatMap(({ out, in: inward }) =>
    [out, inward].flatMap((sa) => [
      ...differs("phase 2 encryption", declared.encryption, fullName("encryption", sa?.encryption)),
      ...differs("phase 2 integrity", declared.integrity, fullName("hash", sa?.integrity)),
    ]),
  );
  // The first child SA takes its keys from the IKE SA, and shows no group (RFC 7296 1.2).
  const groups = children.flatMap((child) =>
    differs("phase 2 group", declared.group, child?.group),
  );
  return [...new Set([...found, ...groups])];
}

function differs(what: string, declared: string | undefined, live: string | undefined): string[] {
  return live === undefined || live === (declared ?? live)
    ? []
    : [`${what} is ${live}, declared ${String(declared)}`];
}
