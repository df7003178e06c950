import type { Cause } from "../../contract/documents/why";
import { peerDown } from "./pathCauses";
import type { Facts } from "./facts";

/** Why nothing crosses a tunnel that both ends have agreed on. */
export function trafficCause(facts: Facts): Cause {
  const { tunnel, status, moved, icmp } = facts;
  const { probe } = status;
  const traffic = { phase: "traffic" as const };
  const refused = icmp.filter((line) => / udp port \S+ unreachable/.test(line));
  if (refused.length > 0)
    return peerDown(
      facts,
      refused.map((text) => ({ text })),
    );
  if (!tunnel.probe) {
    return {
      ...traffic,
      code: "probe",
      field: "probe",
      what: "no probe is declared, and nobody's packets crossed it meanwhile: it may well work",
      evidence: [],
      fix: "declare a probe: source is an address of the gateway in local, target a host in remote",
    };
  }
  if (probe?.error !== undefined) {
    return {
      ...traffic,
      code: "probe",
      field: "probe.source",
      what: `the probe cannot be sent from ${probe.source}: ${probe.error}`,
      evidence: [],
      fix: "set probe.source to an address of the gateway that lies in local",
    };
  }
  const { source, target } = tunnel.probe;
  const counted = moved
    ? [{ text: `while the probe ran, ${moved.out} packets went out and ${moved.in} came in` }]
    : [];
  if (moved?.out === 0) {
    return {
      ...traffic,
      code: "not-sent",
      field: "probe",
      what: `the probe from ${source} to ${target} does not enter the tunnel`,
      evidence: counted,
      fix: `check that ${source} is in local and ${target} in remote, and the packet filter: gateway rules`,
    };
  }
  const silent = moved === undefined || moved.in === 0;
  return {
    ...traffic,
    code: "not-answered",
    what: silent
      ? `packets go out encrypted and nothing comes back: the peer lost the tunnel, drops what comes out of it, or ${target} does not answer`
      : `packets cross both ways, but ${target} does not answer ${source}`,
    evidence: counted,
    fix: silent
      ? `gateway tunnel restart ${tunnel.name}; if that does not help, it is the other side's filter, route or host`
      : `choose a probe.target that answers, or have ${target} looked at`,
    tell: `The tunnel is up, but ${target} does not answer pings from ${source}. Is it up, does your firewall let them through, and does its route back lead into the tunnel?`,
  };
}
