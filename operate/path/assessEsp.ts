import type { StackOutputs } from "../../contract/stackOutputs";
import { lostForward } from "./assessForward";
import { pathPeers } from "./peers";
import type { PathRow } from "../../contract/documents/operate";
import type { Evidence } from "./model";

const check = "esp";

/** Whether ESP itself has to get through, and does. */
export function espRow(outputs: StackOutputs, evidence: Evidence): PathRow {
  const { gateway } = outputs;
  const peers = pathPeers(outputs);
  const sas = evidence.gateway.sas.filter(({ from, to }) => peers.has(from) || peers.has(to));
  const bare = sas.filter(({ udpencap }) => !udpencap);
  if (gateway.behindNat && bare.length === 0) {
    return {
      check,
      result: "ok",
      seen: `not needed: it travels in UDP 4500${counted(sas.length)}`,
    };
  }
  if (gateway.behindNat) {
    return {
      check,
      result: "wrong",
      seen: "SAs without UDP, though network.behindNat is true: no NAT was found",
      fix: "write network.behindNat: false, so that ESP is forwarded",
    };
  }
  const told = typeof evidence.perimeter === "string" ? undefined : evidence.perimeter;
  const lost = lostForward(check, told);
  if (lost !== undefined) return lost;
  if (sas.length === 0) return { check, result: "unknown", seen: "no tunnel is up" };
  if (bare.length === 0) {
    return {
      check,
      result: "ok",
      seen: "not needed just now: a NAT was found, it travels in UDP 4500",
    };
  }
  return bareRow(bare);
}

const counted = (count: number): string => (count === 0 ? "" : `, as ${count} SAs do`);

function bareRow(bare: Evidence["gateway"]["sas"]): PathRow {
  const sum = (counter: "packetsIn" | "packetsOut") =>
    bare.reduce((all, sa) => all + (sa[counter] ?? 0), 0);
  if (sum("packetsIn") > 0) {
    return { check, result: "ok", seen: `needed, and ${sum("packetsIn")} packets came in` };
  }
  if (sum("packetsOut") === 0)
    return { check, result: "unseen", seen: "needed; nothing was sent yet" };
  return {
    check,
    result: "wrong",
    seen: `needed: ${sum("packetsOut")} packets went out and none came in, though IKE gets through`,
    fix: "let protocol 50 through on every firewall between, or write network.behindNat: true",
  };
}
