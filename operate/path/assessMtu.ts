import { tunnelInterface } from "../../config/tunnelInterface";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";
import { measurable } from "./gatewayQuestion";
import type { PathRow } from "../../contract/documents/operate";
import type { GatewayEvidence } from "./model";

/** IPv4 and TCP headers without options. */
const TCP_HEADERS = 40;
/** The same of IPv6. */
const TCP_HEADERS_6 = 60;
/** As long as the gateway's own interface: nothing to clamp. */
const PLAIN = 1500;

/** What fits through each tunnel, and whether the MSS clamp goes by it. */
export function mtuRows({ tunnels }: StackOutputs, evidence: GatewayEvidence): PathRow[] {
  return tunnels.filter(({ enabled }) => enabled).map((tunnel) => mtuRow(tunnel, evidence));
}

function mtuRow(tunnel: DeclaredTunnel, { clamps, clamps6, mtus }: GatewayEvidence): PathRow {
  const check = `mtu ${tunnel.name}`;
  if (tunnel.probe === undefined) {
    const seen = "the tunnel has no probe to measure with";
    return { check, result: "unseen", seen };
  }
  const own = tunnelInterface(tunnel);
  const where = own?.name ?? "enc0";
  if (!measurable(tunnel)) return unmeasuredRow(check, where, clamps6.get(where));
  const bytes = mtus.find(({ name }) => name === tunnel.name)?.bytes ?? 0;
  if (bytes === 0) {
    const seen = `${tunnel.probe.target} does not answer: gateway why ${tunnel.name}`;
    return { check, result: "unknown", seen };
  }
  const clamp = clamps.get(where);
  const fits = `packets up to ${bytes} bytes`;
  if (clamp === undefined) {
    return bytes >= PLAIN
      ? { check, result: "ok", seen: `${fits}; no MSS clamp, and none is needed` }
      : {
          check,
          result: "wrong",
          seen: `${fits}, and pf clamps no MSS on ${where}`,
          fix: "pulumi up",
        };
  }
  if (clamp + TCP_HEADERS > bytes) {
    return {
      check,
      result: "wrong",
      seen: `${fits}, but the MSS clamp ${clamp} lets packets of ${clamp + TCP_HEADERS} through`,
      fix: own
        ? `set the tunnel's ${own.driver}.mtu to ${bytes}`
        : `raise the MTU on the path, or write network.maxMss: ${bytes - TCP_HEADERS}`,
    };
  }
  return { check, result: "ok", seen: `${fits}; the MSS clamp ${clamp} fits` };
}

/** Of IPv6 there is the clamp to look at, and nothing that measures. */
function unmeasuredRow(check: string, where: string, clamp: number | undefined): PathRow {
  if (clamp === undefined) {
    const seen = `pf clamps no MSS of IPv6 on ${where}`;
    return { check, result: "wrong", seen, fix: "pulumi up" };
  }
  const packets = `packets of TCP up to ${clamp + TCP_HEADERS_6} bytes`;
  return {
    check,
    result: "unseen",
    seen: `the MSS clamp ${clamp} lets ${packets} through; the length is measured for IPv4 only`,
  };
}
