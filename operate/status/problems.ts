import type { LiveState } from "../../parse/gwctlLive";
import type { GatewayOutput } from "../../contract/stackOutputs";
import { otherGwctl } from "../otherGwctl";

/** What gwctl has on trial, by the name that its messages have for it. */
const TRIED: Readonly<Record<string, string>> = {
  pf: "/etc/pf.conf",
  pfuser: "/etc/pf.user.conf",
  sshd: "/etc/ssh/sshd_config",
};

/** What is wrong with the gateway as a whole, each with what to do. */
export function gatewayProblems({ daemon }: GatewayOutput, live: LiveState): string[] {
  const service = (name: string) => live.services.find((one) => one.name === name);
  const other = daemon === "iked" ? "isakmpd" : "iked";
  const wanted = live.tunnels.some(({ state }) => state === "up");
  return [
    ...live.sectionProblems.map((problem) => otherGwctl("live", problem)),
    ...(wanted && service(daemon)?.running !== true
      ? [`${daemon} is not running: gateway tunnel start-all, and see gateway logs`]
      : []),
    ...(service(other)?.running === true
      ? [`${other} is running beside ${daemon}, and takes its packets: rcctl stop ${other}`]
      : []),
    ...(live.pf.enabled
      ? []
      : ["the packet filter is off: gateway drift --mark, then pulumi up, turns it on by a trial"]),
    ...[...live.stuck].map(
      ([kind, instead]) =>
        `${TRIED[kind] ?? kind}: the confirmed text does not run, ${instead}: repair it on the gateway, it is tried again`,
    ),
    ...(live.pf.bootRules && !live.stuck.has("pf")
      ? ["/etc/pf.conf did not load at boot, rc(8)'s own rules run: SSH from anywhere, no IKE"]
      : []),
    ...(live.sysctls.get("net.inet.ip.forwarding") === "0"
      ? ["the gateway does not forward packets: sysctl net.inet.ip.forwarding=1"]
      : []),
  ];
}
