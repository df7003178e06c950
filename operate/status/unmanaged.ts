import type { LiveState } from "../../parse/gwctlLive";
import type { Flow } from "../../contract/documents/kernel";
import { typedIdentity } from "../../config/identity";
import { fixedAddress } from "../../config/peer";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { StackOutputs } from "../../contract/stackOutputs";
import { canonical, pairKey } from "./liveIndex";
import { carriedPairs } from "./pairs";
import type { TunnelStatus } from "../../contract/documents/status";

/** Tunnels that the gateway has and the stack does not declare, one for each peer. */
export function unmanagedTunnels(
  { gateway, tunnels }: StackOutputs,
  live: LiveState,
): TunnelStatus[] {
  const declared = new Set(
    tunnels
      // A route-based tunnel has no flows: one with its networks is a stray like any other.
      .filter(({ kind }) => kind !== "route")
      .flatMap((tunnel) =>
        carriedPairs(tunnel).map(
          ({ local, remote }) => `${endOf(tunnel)} ${pairKey(local, remote)}`,
        ),
      ),
  );
  const stray = live.flows.filter(
    ({ direction, type, peer, dstid, from, to }) =>
      direction === "out" &&
      (type === "require" || type === "use" || type === "acquire") &&
      [peer, dstid].every((end) => !declared.has(`${String(end)} ${pairKey(from, to)}`)),
  );
  const names = new Set(tunnels.map(({ name }) => name));
  const files = live.tunnels.filter(({ name, state }) => state === "up" && !names.has(name));
  const peers = [...new Set(stray.map(({ peer }) => peer ?? "?"))];
  // A file does not say whose flows are its own; one of each are taken for the same tunnel.
  const only = peers.length === 1 && files.length === 1 ? files[0]?.name : undefined;
  return [
    ...peers.map((peer) => ({
      ...entry(gateway.daemon, only ?? nameOf(peer, stray, names), peer),
      selectors: stray
        .filter((flow) => (flow.peer ?? "?") === peer)
        .map(({ from, to }) => ({
          local: canonical(from),
          remote: canonical(to),
          state: "unmanaged" as const,
        })),
      differs: ["carries packets, but is not declared"],
    })),
    ...(only === undefined ? files : []).map(({ name }) => ({
      ...entry(gateway.daemon, name, "?"),
      selectors: [],
      differs: [`has a file on the gateway, but is not declared: gwctl tunnel remove ${name}`],
    })),
  ];
}

/** By what a flow to the tunnel's peer is known: its address, or where that may be any, its identity. */
function endOf({ peer, remoteId }: DeclaredTunnel): string {
  return fixedAddress(peer) ?? typedIdentity(remoteId);
}

function entry(daemon: TunnelStatus["daemon"], name: string, peer: string) {
  return { name, peer, daemon, state: "unmanaged" as const };
}

/** By the identity that the peer shows, unless a declared tunnel has that name. */
function nameOf(peer: string, stray: readonly Flow[], taken: ReadonlySet<string>): string {
  const id = stray.find((flow) => flow.peer === peer)?.dstid?.replace(/^[A-Z0-9_]+\//, "");
  return id === undefined || taken.has(id) ? peer : id;
}
