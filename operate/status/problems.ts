import type { LiveState } from "../../parse/gwctlLive";
import type { GatewayOutput } from "../stack/outputs";

/** What is wrong with the gateway as a whole, each with what to do. */
export function gatewayProblems({ daemon }: GatewayOutput, live: LiveState): string[] {
  const service = (name: string) => live.services.find((one) => one.name === name);
  const other = daemon === "iked" ? "isakmpd" : "iked";
  const wanted = live.tunnels.some(({ state }) => state === "up");
  return [
    ...(wanted && service(daemon)?.running !== true
      ? [`${daemon} is not running: gateway start-all, and see gateway logs`]
      : []),
    ...(service(other)?.running === true
      ? [`${other} is running beside ${daemon}, and takes its packets: rcctl stop ${other}`]
      : []),
    ...(live.pf.enabled ? [] : ["the packet filter is off: pfctl -e"]),
    ...(live.sysctls.get("net.inet.ip.forwarding") === "0"
      ? ["the gateway does not forward packets: sysctl net.inet.ip.forwarding=1"]
      : []),
  ];
}
