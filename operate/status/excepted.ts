import { EVERYWHERE } from "../../config/exceptions";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { GatewayState } from "../../parse/gwctlState";
import { canonical } from "./liveIndex";

/** The watchdog loads what is missing; this does at once what it does next. */
export const LOAD_EXCEPTIONS = "on the gateway: gwctl watch once";

/** What a tunnel for every address takes, though it is to leave it out: the kernel lacks a flow past it. */
export function exceptionsMissing(
  { flows, tunnels }: Pick<GatewayState, "flows" | "tunnels">,
  { name, excepted = [], pairs }: DeclaredTunnel,
): string[] {
  const up = tunnels.some((known) => known.name === name && known.state === "up");
  if (!up || excepted.length === 0) return [];
  const there = new Set(
    flows
      .filter(({ type }) => type === "bypass")
      .map(({ direction, from, to }) => `${direction} ${canonical(from)} ${canonical(to)}`),
  );
  const locals = pairs.flatMap(({ local, remote }) => (remote === EVERYWHERE ? local : []));
  return locals.flatMap((local) =>
    excepted
      .filter((one) => !there.has(`out ${local} ${one}`) || !there.has(`in ${one} ${local}`))
      .map((one) => `the exception ${local} to ${one} is not in the kernel`),
  );
}
