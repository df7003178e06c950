import type { Values } from "../../support/stack";
import type { Case } from "./case";

const sec = (unit: number) => ({
  unit,
  address: `169.254.1${unit}.2/30`,
  peerAddress: `169.254.1${unit}.1`,
});
const ends = (unit: number) => ({
  source: `169.254.1${unit}.2`,
  target: `169.254.1${unit}.1`,
});
const member = (number: number, priority = number + 1): Values => ({
  [`tunnels.${number}.kind`]: "route",
  [`tunnels.${number}.sec`]: sec(number),
  [`tunnels.${number}.probe`]: ends(number),
  [`tunnels.${number}.group`]: { name: "cloud", priority },
});
const same: Values = { "tunnels.1.remote": ["10.20.1.0/24"] };
/** Two tunnels to the same networks. */
const pair: Values = { ...member(0), ...member(1), ...same };

/** Of GW031, which knows of more than groups. */
export const ofAnotherGroup: Case = {
  refuses: { ...pair, "tunnels.1.group": { name: "other", priority: 2 } },
  accepts: pair,
  at: "tunnels[1].remote[0]",
  says: /is also at tunnels\[0\]\.remote\[0\]: remove one of the two, or write kind: route and a group in both/,
};

export const groupCases: Record<string, Case[]> = {
  GW250: [
    {
      refuses: { ...pair, "tunnels.1.kind": "policy", "tunnels.1.sec": undefined },
      accepts: pair,
      at: "tunnels[1].group",
      says: /has no meaning with kind policy/,
    },
  ],
  GW251: [
    {
      refuses: member(0),
      accepts: { ...member(0), "tunnels.0.group": undefined },
      at: "tunnels[0].group",
      says: /no other tunnel is of the group cloud/,
    },
    {
      // The second one may wait.
      refuses: { ...pair, "tunnels.1.enabled": false, "tunnels.1.group": undefined },
      accepts: { ...pair, "tunnels.1.enabled": false },
      at: "tunnels[0].group",
      says: /no other tunnel/,
    },
  ],
  GW252: [
    {
      refuses: { ...pair, ...member(1, 1) },
      accepts: { ...pair, ...member(1, 8) },
      at: "tunnels[1].group.priority",
      says: /1 is also that of tunnels\[0\]/,
    },
  ],
  GW253: [
    {
      refuses: { ...pair, "tunnels.1.remote": ["10.20.1.0/24", "10.21.0.0/24"] },
      accepts: {
        ...pair,
        "tunnels.0.remote": ["10.21.0.0/24", "10.20.1.0/24"],
        "tunnels.1.remote": ["10.20.1.0/24", "10.21.0.0/24"],
      },
      at: "tunnels[1].group",
      says: /are not those of tunnels\[0\]/,
    },
    {
      refuses: { ...pair, "tunnels.1.traffic": [{ protocol: "tcp" }] },
      accepts: pair,
      at: "tunnels[1].group",
      says: /write the same local, remote, pairs and traffic/,
    },
  ],
  GW254: [
    {
      refuses: { ...pair, "tunnels.1.probe": undefined },
      accepts: pair,
      at: "tunnels[1].probe",
      says: /is missing.*write probe: \{source: 169\.254\.11\.2, target: 169\.254\.11\.1\}/,
    },
    {
      refuses: { ...pair, "tunnels.0.probe": { source: "10.10.0.2", target: "10.20.1.100" } },
      accepts: pair,
      at: "tunnels[0].probe",
      says: /10\.10\.0\.2 to 10\.20\.1\.100 is not between the ends of sec0/,
    },
  ],
  GW255: [
    {
      refuses: { ...pair, "tunnels.0.watchdog": false },
      accepts: pair,
      at: "tunnels[0].group",
      says: /nothing moves its routes, as its watchdog is false/,
    },
    {
      refuses: { ...pair, watchdog: { enabled: false } },
      accepts: pair,
      at: "tunnels[0].group",
      says: /as watchdog\.enabled is false/,
    },
  ],
};
