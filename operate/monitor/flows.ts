import type { Flows } from "../../contract/documents/kernel";
import { typedIdentity } from "../../config/identity";
import { fixedAddress, peerName } from "../../config/peer";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { parseIkeSa } from "../../parse/ikectl";
import { hostOf } from "../status/liveIndex";
import { printTunnelText } from "../tunnelText";
import { parseFlow, parseSa } from "../../parse/ipsecctl";

/**
 * For the gateway's sh: iked knows where a peer is that may have any address, and the tunnel's text where one is
 * that is given by name.
 */
export function questionOf(tunnel: Pick<DeclaredTunnel, "name" | "peer"> | undefined): string {
  const all = "ipsecctl -s all";
  if (tunnel === undefined || fixedAddress(tunnel.peer) !== undefined) return all;
  const { name, peer } = tunnel;
  return peerName(peer) === undefined
    ? `${all}; ikectl show sa`
    : `${all}; ${printTunnelText(name)} | grep '^# gwctl peer '`;
}

const IN_USE = /^# gwctl peer (\S+)$/;

/** The addresses of the tunnel's peer: its own, or those that the answer has it at. */
export function peersIn(
  text: string,
  { peer, remoteId }: Pick<DeclaredTunnel, "peer" | "remoteId">,
): string[] {
  const address = fixedAddress(peer);
  if (address !== undefined) return [address];
  const id = typedIdentity(remoteId);
  return text.split("\n").flatMap((row) => {
    const sa = parseIkeSa(row);
    return sa?.peerId === id ? [hostOf(sa.peer)] : (IN_USE.exec(row)?.slice(1) ?? []);
  });
}

/**
 * The rows of what `ipsecctl -s all` printed.
 *
 * @param peers only what goes to these addresses, or comes from them; undefined: everything
 */
export function rowsOf(text: string, peers?: readonly string[]): string[] {
  return text
    .split("\n")
    .filter((row) => (peers === undefined ? row !== "" : concerns(row, peers)));
}

export function flowsOf(rows: readonly string[]): Flows {
  return {
    flows: rows.flatMap((row) => parseFlow(row) ?? []),
    sas: rows.flatMap((row) => parseSa(row) ?? []),
  };
}

/** Not a heading. */
export function isFlowOrSa(row: string): boolean {
  return (parseFlow(row) ?? parseSa(row)) !== undefined;
}

function concerns(row: string, peers: readonly string[]): boolean {
  const sa = parseSa(row);
  return [parseFlow(row)?.peer, sa?.from, sa?.to].some(
    (end) => end !== undefined && peers.includes(end),
  );
}
