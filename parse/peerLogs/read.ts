import { ASA, IOS } from "./cisco";
import type { PeerLog, PeerVerdict } from "./form";
import { FORTIGATE } from "./fortigate";
import { AWS, MIKROTIK, PALO_ALTO } from "./others";
import { STRONGSWAN } from "./strongswan";

/** The more particular first: some words are those of several vendors. */
export const PEER_LOGS: readonly PeerLog[] = [
  ASA,
  IOS,
  FORTIGATE,
  STRONGSWAN,
  AWS,
  PALO_ALTO,
  MIKROTIK,
];

export interface PeerFinding {
  readonly vendor: string;
  readonly verdict: PeerVerdict;
  readonly line: string;
}

/**
 * What the log of the other side says of the negotiation, oldest first. What was before its last success is
 * history. Lines that name our address are about us; where there are such, those of others count only if
 * they name nobody.
 */
export function parsePeerLog(text: string, ourAddress: string): PeerFinding[] {
  const findings = text.split(/\r?\n/).flatMap((line): PeerFinding[] => {
    for (const { vendor, forms } of PEER_LOGS) {
      const found = forms.find(({ form }) => form.test(line));
      if (found) return [{ vendor, verdict: found.verdict, line: line.trim() }];
    }
    return [];
  });
  const ours = findings.some(({ line }) => named(line, ourAddress));
  const about = findings.filter(
    ({ line }) => !ours || named(line, ourAddress) || !NAMES_A_PEER.test(line),
  );
  return about.slice(about.map(({ verdict }) => verdict).lastIndexOf("up") + 1);
}

/** In the places in which vendors name the peer. */
const NAMES_A_PEER =
  /(?:\bIP = |Remote:|remip=|[Pp]eer (?:IP )?|message from |with |srcaddr=|ipsec,error )\d+\.\d+\.\d+\.\d+/;

function named(line: string, address: string): boolean {
  const at = line.indexOf(address);
  return at >= 0 && !/^[\d.]*\d/.test(line.slice(at + address.length));
}
