import { ikeVersion } from "../describe";
import type { Draft } from "../draft";
import { parseAddress } from "../net";
import { negotiated } from "../selectors";
import { deviceOf } from "../vendors";
import { type Limit, limitsOf } from "../vendors/limits";
import { type Finding, finding, type Rule } from "./rule";

function limits({ ike, network, tunnels }: Draft, kind: Limit["kind"]): Finding[] {
  if (!ike) return [];
  return tunnels.flatMap(({ path, tunnel }) => {
    const device = deviceOf(tunnel.vendor);
    if (!device || parseAddress(tunnel.peer) === undefined) return [];
    const selectors = negotiated(tunnel).map(({ from, to, traffic }) => ({
      local: from,
      remote: to,
      ...traffic,
    }));
    // Without a network there is no default identity to judge.
    const localId = network ? tunnel.localId : tunnel.peer;
    return limitsOf(device, {
      ...tunnel,
      ...{ localId, selectors },
      ikeVersion: ikeVersion(ike.daemon),
    })
      .filter((limit) => limit.kind === kind)
      .map((limit) => finding(`${path}.${limit.path}`, limit.message, limit.fix));
  });
}

export const vendorAlgorithms: Rule = {
  code: "GW140",
  reason: "an algorithm that the peer's device does not have is never agreed on",
  check: (draft) => limits(draft, "algorithm"),
};

export const vendorLifetimes: Rule = {
  code: "GW141",
  reason: "a lifetime that the peer's device cannot be told makes it renew at another time",
  check: (draft) => limits(draft, "lifetime"),
};

export const vendorSelectors: Rule = {
  code: "GW142",
  reason: "selectors that the peer's device cannot mirror are refused, or come up one by one",
  check: (draft) => limits(draft, "selector"),
};

export const vendorIdentities: Rule = {
  code: "GW143",
  reason: "an identity that the peer's device cannot send or expect fails the authentication",
  check: (draft) => limits(draft, "identity"),
};

export const vendorStarts: Rule = {
  code: "GW144",
  reason: "a passive tunnel to a device that only answers never comes up",
  check: (draft) => limits(draft, "start"),
};
