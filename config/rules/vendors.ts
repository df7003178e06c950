import { ikeVersion } from "../ikeVersion";
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
  check: (draft) => limits(draft, "algorithm"),
};

export const vendorLifetimes: Rule = {
  code: "GW141",
  check: (draft) => limits(draft, "lifetime"),
};

export const vendorSelectors: Rule = {
  code: "GW142",
  check: (draft) => limits(draft, "selector"),
};

export const vendorIdentities: Rule = {
  code: "GW143",
  check: (draft) => limits(draft, "identity"),
};

export const vendorStarts: Rule = {
  code: "GW144",
  check: (draft) => limits(draft, "start"),
};
