import type { Values } from "../../support/stack";
import type { Case } from "./case";

/** East's networks around west's, which are 10.10.0.0/24 to 10.20.1.0/24. */
const around: Values = { "tunnels.1.remote": ["10.20.0.0/16"] };
const apart: Values = { "tunnels.1.remote": ["10.20.2.0/24"] };
const nat = { address: "10.99.0.1" };
const interfaceOf = (tunnel: number): Values => ({
  [`tunnels.${tunnel}.kind`]: "route",
  [`tunnels.${tunnel}.sec`]: {
    unit: tunnel,
    address: "169.254.10.2/30",
    peerAddress: "169.254.10.1",
  },
});

export const nestingCases: Record<string, Case[]> = {
  GW230: [
    {
      refuses: { "tunnels.1.remote": ["10.20.0.0/16"], "tunnels.0.remote": ["10.20.0.0/24"] },
      accepts: around,
      at: "tunnels[1].remote[0]",
      says: /10\.20\.0\.0\/16 begins with the same address as tunnels\[0\]\.remote\[0\] \(10\.20\.0\.0\/24\)/,
    },
    {
      refuses: { "tunnels.1.remote": ["10.20.1.0/24"], "tunnels.1.local": ["10.10.0.0/25"] },
      accepts: { "tunnels.1.remote": ["10.20.1.0/24"], "tunnels.1.local": ["10.10.0.128/25"] },
      at: "tunnels[0].remote[0]",
      says: /write networks that hold the rest of 10\.20\.1\.0\/24/,
    },
    {
      // A route-based tunnel has no flow, and a flow of a protocol begins elsewhere.
      refuses: { "tunnels.1.remote": ["10.20.0.0/16"], "tunnels.0.remote": ["10.20.0.0/24"] },
      accepts: {
        "tunnels.1.remote": ["10.20.0.0/16"],
        "tunnels.0.remote": ["10.20.0.0/24"],
        ...interfaceOf(1),
      },
      at: "tunnels[1].remote[0]",
      says: /which lies in it/,
    },
    {
      refuses: { "tunnels.1.remote": ["10.20.0.0/16"], "tunnels.0.remote": ["10.20.0.0/24"] },
      accepts: {
        "tunnels.1.remote": ["10.20.0.0/16"],
        "tunnels.0.remote": ["10.20.0.0/24"],
        "tunnels.0.traffic": [{ protocol: "tcp" }],
      },
      at: "tunnels[1].remote[0]",
      says: /which lies in it/,
    },
  ],
  GW231: [
    {
      refuses: { ...around, "tunnels.1.traffic": [{ protocol: "tcp" }] },
      accepts: { ...around, "tunnels.0.traffic": [{ protocol: "tcp" }] },
      at: "tunnels[1].remote[0]",
      says: /holds tunnels\[0\]\.remote\[0\] \(10\.20\.1\.0\/24\), and its tunnel has traffic/,
    },
  ],
  GW232: [
    {
      refuses: { ...around, "tunnels.1.nat": nat },
      accepts: { ...around, "tunnels.0.nat": nat },
      at: "tunnels[1].remote[0]",
      says: /and its tunnel has nat/,
    },
  ],
  GW233: [
    {
      refuses: { ...around, ...interfaceOf(0) },
      accepts: { ...around, ...interfaceOf(1) },
      at: "tunnels[0].remote[0]",
      says: /10\.20\.1\.0\/24 is routed, and lies in tunnels\[1\]\.remote\[0\] \(10\.20\.0\.0\/16\)/,
    },
  ],
  GW234: [
    {
      refuses: around,
      accepts: apart,
      at: "tunnels[0].remote[0]",
      says: /lies in tunnels\[1\]\.remote\[0\] \(10\.20\.0\.0\/16\): while this tunnel is down, its packets go there/,
    },
    {
      refuses: around,
      accepts: { ...around, ...interfaceOf(1) },
      at: "tunnels[0].remote[0]",
      says: /nothing if the peer there may see them/,
    },
    {
      refuses: around,
      accepts: { ...around, "tunnels.1.enabled": false },
      at: "tunnels[0].remote[0]",
      says: /while this tunnel is down/,
    },
  ],
};
