import { outsideAddress } from "../arms";
import type { Draft } from "../draft";
import { ikeVersion } from "../ikeVersion";
import { addressOf, parseAddress } from "../net";
import { fixedAddress } from "../peer";
import { negotiated } from "../selectors";
import { deviceOf } from "../vendors";
import { type Limit, limitsOf } from "../vendors/limits";
import { type Finding, finding, type Rule } from "./rule";

function limits({ ike, network, tunnels }: Draft, kind: Limit["kind"]): Finding[] {
  if (!ike) return [];
  return tunnels.flatMap(({ path, tunnel, declared }) => {
    const device = deviceOf(tunnel.vendor);
    const peer = fixedAddress(tunnel.peer);
    if (!device || (peer === undefined ? !network : parseAddress(peer) === undefined)) return [];
    // Without a network there is no default identity to check.
    const localId = network || peer === undefined ? tunnel.localId : peer;
    const own = network && addressOf(outsideAddress(network));
    const selectors = negotiated(tunnel, own).map(({ from, to, traffic }) => ({
      local: from,
      remote: to,
      ...traffic,
    }));
    const { kind: form, mode, remoteId, phase1, phase2 } = tunnel;
    return limitsOf(device, {
      ...{ peer: tunnel.peer, kind: form, mode, remoteId, phase1, phase2 },
      ...{ localId, selectors, gateway: network?.publicAddress },
      ikeVersion: ikeVersion(ike.daemon),
    })
      .filter((limit) => limit.kind === kind)
      .map(({ path: key, message, fix }) => {
        const at = key === "remote" && declared.pairs ? "pairs" : key;
        return finding(`${path}.${at}`, message, fix);
      });
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
