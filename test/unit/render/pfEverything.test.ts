import { pfConf } from "../../../render/pfConf";
import { configOf, type Values } from "../support/stack";
import { decide, type Packet } from "./support/pfDecision";
import { parsePf } from "./support/pfRules";

const everything: Values = {
  "tunnels.0.remote": ["0.0.0.0/0"],
  "tunnels.0.except": ["192.0.2.0/24", "10.20.0.0/16"],
  "network.dns": ["203.0.113.53"],
  "admin.networks": ["172.16.5.0/24"],
};
const [GATEWAY, HOST, STRANGER] = ["10.10.0.2", "10.10.0.7", "203.0.113.9"];

const verdict = (packet: Partial<Packet>, changes: Values = {}) =>
  decide(
    parsePf(pfConf(configOf({ ...everything, ...changes }))),
    { vio0: GATEWAY },
    {
      ...{ direction: "out", on: "vio0", protocol: "tcp", fromPort: 40000, toPort: 443 },
      ...{ from: HOST, to: STRANGER },
      ...packet,
    },
  );

describe.each([
  ["up", {}],
  ["without the tunnel that is nearer", { "tunnels.1.enabled": false }],
])("a tunnel for every address, %s", (_, changes) => {
  it.each<[string, Partial<Packet>, "pass" | "block"]>([
    ["in clear to the internet", {}, "block"],
    ["in clear from the gateway itself", { from: GATEWAY }, "block"],
    ["in clear from the internet", { direction: "in", from: STRANGER, to: HOST }, "block"],
    ["to an exception", { to: "192.0.2.7" }, "pass"],
    ["from a host to an exception", { direction: "in", to: "192.0.2.7" }, "pass"],
    ["from an exception", { direction: "in", from: "192.0.2.7", to: HOST }, "block"],
    ["to an exception from elsewhere", { from: "10.12.0.7", to: "192.0.2.7" }, "block"],
    ["to another network of our own side", { to: "10.10.0.9" }, "pass"],
    ["to a nearer tunnel's network in an exception", { to: "10.20.2.7" }, "block"],
    ["to the rest of that exception", { to: "10.20.3.7" }, "pass"],
    ["to the resolver from a host", { to: "203.0.113.53", protocol: "udp", toPort: 53 }, "block"],
    [
      "to the resolver from the gateway",
      { from: GATEWAY, to: "203.0.113.53", protocol: "udp", toPort: 53 },
      "pass",
    ],
    ["from a host to the gateway", { direction: "in", to: GATEWAY, toPort: 8080 }, "block"],
    [
      "SSH from an administrator",
      { direction: "in", from: "172.16.5.9", to: GATEWAY, toPort: 22 },
      "pass",
    ],
    [
      "SSH from the internet",
      { direction: "in", from: STRANGER, to: GATEWAY, toPort: 22 },
      "block",
    ],
    ["from a host into the tunnel", { direction: "in" }, "pass"],
    ["into the tunnel", { on: "enc0", tag: "LAN2VPN" }, "pass"],
    [
      "out of the tunnel",
      { on: "enc0", direction: "in", from: STRANGER, to: HOST, tag: "vpn-west" },
      "pass",
    ],
  ])("%s: %j", (_name, packet, expected) => {
    expect(verdict(packet, changes)).toBe(expected);
  });
});

describe("a disabled one", () => {
  const disabled = { "tunnels.0.enabled": false };

  it.each<[string, Partial<Packet>, "pass" | "block"]>([
    ["lets nothing out in clear", {}, "block"],
    ["but to its exceptions", { to: "192.0.2.7" }, "pass"],
    [
      "and keeps no administrator out",
      { direction: "in", from: "172.16.5.9", to: GATEWAY, toPort: 22 },
      "pass",
    ],
  ])("%s", (_, packet, expected) => {
    expect(verdict(packet, disabled)).toBe(expected);
  });
});
