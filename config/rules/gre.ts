import { outsideAddress } from "../arms";
import type { Draft, DraftTunnel } from "../draft";
import { addressOf, family } from "../net";
import { fixedAddress } from "../peer";
import { repeats } from "./places";
import { finding, type Rule } from "./rule";

function overGre({ tunnels }: Pick<Draft, "tunnels">): DraftTunnel[] {
  return tunnels.filter(({ tunnel }) => tunnel.kind === "gre");
}

export const greWithoutNat: Rule = {
  code: "GW265",
  check: (draft) => {
    const { network } = draft;
    if (!network) return [];
    const own = addressOf(outsideAddress(network));
    if (!network.behindNat && network.publicAddress === own) return [];
    return overGre(draft).map(({ path }) =>
      finding(
        `${path}.kind`,
        `is gre, and the peer sees ${network.publicAddress} in place of the gateway's own address ${own}`,
        "give the gateway the public address itself, with network.behindNat: false, or write kind: route or policy",
      ),
    );
  },
};

export const greBetweenAddresses: Rule = {
  code: "GW266",
  check: (draft) =>
    overGre(draft)
      .filter(({ tunnel }) => family(fixedAddress(tunnel.peer) ?? "") !== 4)
      .map(({ path, tunnel }) =>
        finding(
          `${path}.peer`,
          `is ${tunnel.peer}, and kind is gre`,
          "write the peer's IPv4 address, or another kind",
        ),
      ),
};

export const oneGreToAPeer: Rule = {
  code: "GW267",
  check: (draft) =>
    repeats(overGre(draft), ({ tunnel }) => tunnel.peer).map(([earlier, { path, tunnel }]) =>
      finding(
        `${path}.peer`,
        `${tunnel.peer} is also that of ${earlier.path}, and both are of kind gre`,
        "put the networks of both into one tunnel",
      ),
    ),
};
