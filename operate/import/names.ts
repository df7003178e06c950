import { parseAddress } from "../../config/net";
import type { Candidate } from "./candidate";

const LONGEST = 31;

/**
 * A name for each tunnel, in the form of the stack, none of them twice: what the file calls it, else
 * the first label of the peer's identity, or of the common name in it, else the peer's address.
 */
export function namesOf(candidates: readonly Candidate[]): string[] {
  const taken = new Set<string>();
  return candidates.map((candidate) => {
    const wish = wished(candidate);
    let name = wish;
    for (let number = 2; taken.has(name); number++) {
      const suffix = `-${number}`;
      name = `${wish.slice(0, LONGEST - suffix.length)}${suffix}`;
    }
    taken.add(name);
    return name;
  });
}

function wished({ called, remoteId, peer }: Candidate): string {
  const label = remoteId !== undefined && parseAddress(remoteId) === undefined ? remoteId : "";
  // A tag with a $ is filled in by the daemon.
  const own = called?.includes("$") ? "" : (called ?? "").replace(/^vpn-/, "");
  const common = /\/CN=([^/]+)/.exec(label)?.[1] ?? label;
  const first = common.replace(/^.*@/, "").replace(/\..*$/, "");
  return [own, first].map(usable).find((name) => name !== "") ?? usable(`peer-${peer}`);
}

/** `^[a-z][a-z0-9-]{0,30}$`, or nothing. */
function usable(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const trimmed = plain.replace(/^[-0-9]+/, "").slice(0, LONGEST);
  return trimmed.replace(/-+$/, "");
}
