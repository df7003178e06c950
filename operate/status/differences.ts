import type { Kind } from "../../config/algorithms";
import { nameOfWord } from "../../config/algorithms/daemonWords";
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

/** How what was negotiated differs from what is declared. */
export function algorithmsDiffer(
  { phase1, phase2 }: DeclaredTunnel,
  ike: Algorithms | undefined,
  pairs: readonly PairSas[],
  children: readonly (Algorithms | undefined)[],
): string[] {
  const found = new Set<string>();
  const compare = (what: string, declared: string | undefined, live: string | undefined) => {
    if (live !== undefined && live !== (declared ?? live)) {
      found.add(`${what} is ${live}, declared ${String(declared)}`);
    }
  };
  compare("phase 1 encryption", phase1.encryption, ike?.encryption);
  compare("phase 1 integrity", phase1.integrity, ike?.integrity);
  compare("phase 1 prf", phase1.prf, ike?.prf);
  compare("phase 1 group", phase1.group, ike?.group);
  for (const { out, in: inward } of pairs) {
    for (const sa of [out, inward]) {
      compare("phase 2 encryption", phase2.encryption, fullName("encryption", sa?.encryption));
      compare("phase 2 integrity", phase2.integrity, fullName("hash", sa?.integrity));
    }
  }
  // The first child SA takes its keys from the IKE SA, and shows no group (RFC 7296 1.2).
  for (const child of children) compare("phase 2 group", phase2.group, child?.group);
  return [...found];
}
