import { ikeAddress } from "../ikeAddress";
import { sections } from "../../config/schema";
import { tunnelInterface } from "../../config/tunnelInterface";
import { parsePfStates } from "../../parse/flows";
import { parseSaDetails } from "../../parse/ipsecctlVerbose";
import { sectionsOf } from "../../parse/sections";
import { outputOf } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { GatewayEvidence } from "./model";

/** Room for IPv4 and ICMP headers before the data that ping counts. */
const PING_HEADERS = 28;
/** The largest segment of TCP that passes by default, as a packet of IPv4: the first size tried. */
const FIRST_SIZE = sections.network.shape.maxMss.parse(undefined) + 40;

/**
 * Asks the gateway, in one connection.
 *
 * @throws Unreachable, or Refusal with the gateway's words.
 */
export async function askGateway(
  { gateway, tunnels }: StackOutputs,
  signal: AbortSignal,
): Promise<GatewayEvidence> {
  const input = tunnels.filter(measurable).map(target).join("");
  const text = await outputOf(gatewayTarget(gateway), gatewayQuestion(gateway.interface), {
    input,
    signal,
  });
  return gatewayEvidence(text, ikeAddress(gateway));
}

/** DF can be measured where there is a probe, and its addresses are IPv4. */
export function measurable({ enabled, probe }: DeclaredTunnel): boolean {
  return enabled && probe !== undefined && !probe.target.includes(":");
}

const target = (tunnel: DeclaredTunnel): string => {
  const { name, probe } = tunnel;
  const size = tunnelInterface(tunnel)?.mtu ?? FIRST_SIZE;
  return `${name} ${probe?.source ?? ""} ${probe?.target ?? ""} ${size}\n`;
};

/**
 * For the gateway's sh; a line `NAME SOURCE TARGET SIZE` per tunnel on standard input. The size is tried
 * first, then the limit is found by halving: where that size passes, and the kernel knows the limit
 * (it then refuses at once), a tunnel takes less than a second.
 */
export function gatewayQuestion(outside: string): string {
  return `work=$(mktemp -d /tmp/gwctl.$$.XXXXXXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
passes() {
  for again in 1 2; do
    ping -D -n -q -c 1 -w 1 -I "$1" -s $(($3 - ${PING_HEADERS})) "$2" </dev/null >"$work/$4.said" 2>&1 && return 0
    grep -q 'too long' "$work/$4.said" && return 1
  done
  return 1
}
limit() {
  low=0 high=$(($5 + 1))
  if passes "$2" "$3" 100 "$1"; then
    low=100 try=$4
    while [ $((high - low)) -gt 1 ]; do
      if passes "$2" "$3" "$try" "$1"; then low=$try; else high=$try; fi
      try=$(((low + high) / 2))
    done
  fi
  echo "$1 $low"
}
mtu=$(ifconfig ${outside} | sed -n 's/.* mtu \\([0-9]*\\).*/\\1/p' | head -n 1)
count=0
while read -r name source target size; do
  limit "$name" "$source" "$target" "$size" "\${mtu:-1500}" >"$work/$name" &
  count=$((count + 1))
  [ $((count % 16)) -ne 0 ] || wait
done
wait
echo '--- mtus'
cat "$work"/* 2>/dev/null | grep -E '^[^ ]+ [0-9]+$'
echo '--- sas'
ipsecctl -vv -s sa | sed -e '/authkey/d' -e '/enckey/d'
echo '--- states'
pfctl -s states
echo '--- rules'
{ pfctl -s rules; pfctl -a '*' -s rules 2>/dev/null; } | grep max-mss
exit 0`;
}

/** @param text what the gateway answered to {@link gatewayQuestion} */
export function gatewayEvidence(text: string, address: string): GatewayEvidence {
  const sections = sectionsOf(text);
  const rows = (name: string) => sections.get(name) ?? [];
  return {
    flows: parsePfStates(rows("states"), address),
    clamps: clamps(rows("rules"), "inet"),
    clamps6: clamps(rows("rules"), "inet6"),
    mtus: rows("mtus").flatMap((row) => {
      const [, name, bytes] = /^(\S+) (\d{1,5})$/.exec(row) ?? [];
      return name === undefined ? [] : [{ name, bytes: Number(bytes) }];
    }),
    sas: parseSaDetails(rows("sas")),
  };
}

/** Of several the last counts, as in pf: the rules of system.pfRules come after the stack's own. */
function clamps(rows: readonly string[], family: "inet" | "inet6"): Map<string, number> {
  return new Map(
    rows.flatMap((row): [string, number][] => {
      const [, only] = / (inet6?) /.exec(row) ?? [];
      const [, name, bytes] = /^\s*match on (\S+) .*max-mss (\d{1,5})/.exec(row) ?? [];
      const foreign = only !== undefined && only !== family;
      return name === undefined || foreign ? [] : [[name, Number(bytes)]];
    }),
  );
}
