import { parseConntrack, parsePfStates } from "../../parse/flows";
import { sectionsOf } from "../../parse/sections";
import { answers, questions } from "../../render/perimeter/marks";
import { runRemote } from "../ssh/connection";
import type { Machine } from "../perimeter/machines";
import { Refusal } from "../command";
import type { PerimeterEvidence } from "./model";

/** Flows of others are nobody's business here, and may be very many. */
const TRACKED = (gateway: string): string => `
echo '--- tracked'
if command -v pfctl >/dev/null; then echo pf; pfctl -s states | grep -F '${gateway}'
elif command -v conntrack >/dev/null; then echo conntrack; conntrack -L -f ${gateway.includes(":") ? "ipv6" : "ipv4"} 2>/dev/null | grep -F '${gateway}'
elif [ -r /proc/net/nf_conntrack ]; then echo conntrack; grep -F '${gateway}' /proc/net/nf_conntrack
fi
exit 0
`;

/**
 * Asks the firewall of its forwards and of the gateway's flows, in one connection.
 *
 * @throws Unreachable, or Refusal if its answer leaves out a forward.
 */
export async function askPerimeter(
  { target, pieces }: Machine,
  gateway: string,
  signal: AbortSignal,
): Promise<PerimeterEvidence> {
  const scripts = new Map(pieces.map(({ name, script }) => [name, script]));
  const { stdout, stderr } = await runRemote(target, "sh -s", {
    input: questions(scripts) + TRACKED(gateway),
    signal,
  });
  const evidence = perimeterEvidence(stdout, gateway);
  if (pieces.every(({ name }) => (evidence.forwards.get(name) ?? []).length > 0)) return evidence;
  const said = stderr.trim().split("\n")[0] ?? "";
  throw new Refusal(
    said ||
      `${target.name} (${target.host}) does not say what is on it: run sh -s there by ssh, and see why it prints nothing`,
  );
}

/** @param text what the firewall answered */
export function perimeterEvidence(text: string, gateway: string): PerimeterEvidence {
  const [kind, ...rows] = sectionsOf(text).get("tracked") ?? [];
  const parse = kind === "pf" ? parsePfStates : parseConntrack;
  return {
    forwards: answers(text),
    ...(kind !== undefined && kind !== "" && { flows: parse(rows, gateway) }),
  };
}
