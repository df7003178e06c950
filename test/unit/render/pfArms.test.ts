import { pfConf } from "../../../render/pfConf";
import { configOf, type Values } from "../support/stack";
import { decide, type Own, type Packet } from "./support/pfDecision";
import { parsePf } from "./support/pfRules";

const two: Values = {
  "network.outside": {
    interface: "vio1",
    address: "198.51.100.1/24",
    bridge: "br1",
    aliases: ["198.51.100.4"],
  },
  "network.gateway": "198.51.100.254",
  "network.behindNat": false,
  "network.inside": [{ name: "dmz", interface: "vio2", address: "10.30.0.1/24", bridge: "br2" }],
};
const own = {
  vio0: "10.10.0.2",
  vio1: "198.51.100.1",
  vio2: "10.30.0.1",
} satisfies Own;

function verdict(changes: Values, packet: Partial<Packet>): "pass" | "block" {
  const rules = parsePf(pfConf(configOf({ ...two, ...changes })));
  const any = { direction: "in", on: "vio0", protocol: "tcp", from: "", to: "", fromPort: 40000 };
  return decide(rules, own, { ...any, ...packet } as Packet);
}

const LAN = "10.10.0.7";
const DMZ = "10.30.0.7";
const PEER = "198.51.100.11";
const STRANGER = "203.0.113.77";
const REMOTE = "10.20.1.7";
const lan = { on: "vio0", from: LAN } as const;
const outside = { on: "vio1" } as const;

describe("with two arms", () => {
  it.each<[string, Partial<Packet>, "pass" | "block"]>([
    [
      "an inside address from outside",
      { ...outside, from: LAN, to: own.vio1, toPort: 22 },
      "block",
    ],
    ["another inside network's address", { on: "vio0", from: DMZ, to: REMOTE }, "block"],
    ["an outside address from inside", { on: "vio0", from: PEER, to: REMOTE }, "block"],
    ["the gateway's own address", { ...outside, from: own.vio0, to: own.vio1 }, "block"],
    ["one of its further addresses", { on: "vio0", from: "198.51.100.4", to: REMOTE }, "block"],
  ])("does not let in what says to come from the other side: %s", (_what, packet, expected) => {
    expect(verdict({ "admin.networks": ["0.0.0.0/0"] }, packet)).toBe(expected);
  });

  it.each<[string, Partial<Packet>, "pass" | "block"]>([
    ["ESP from a peer", { ...outside, protocol: "esp", from: PEER, to: own.vio1 }, "pass"],
    ["ESP from a stranger", { ...outside, protocol: "esp", from: STRANGER, to: own.vio1 }, "block"],
    ["ESP from inside", { on: "vio0", protocol: "esp", from: LAN, to: own.vio1 }, "block"],
    [
      "IKE from a peer",
      { ...outside, protocol: "udp", from: PEER, to: own.vio1, toPort: 500 },
      "pass",
    ],
    ["a remote network in clear", { ...outside, from: REMOTE, to: LAN }, "block"],
    ["a host into a tunnel", { ...lan, to: REMOTE, toPort: 80 }, "pass"],
    ["and out in clear", { ...outside, direction: "out", from: LAN, to: REMOTE }, "block"],
    ["and to the other inside network", { ...lan, to: DMZ, toPort: 80 }, "block"],
    [
      "an administrator from inside",
      { on: "vio0", from: "10.10.0.254", to: own.vio0, toPort: 22 },
      "pass",
    ],
    ["a host's SSH to the gateway", { ...lan, to: own.vio0, toPort: 22 }, "block"],
  ])("decides on %s", (_what, packet, expected) => {
    expect(verdict({}, packet)).toBe(expected);
  });

  it("lets what comes out of a tunnel leave inside only", () => {
    const packet = { direction: "out", from: REMOTE, to: LAN, tag: "vpn-west" } as const;
    expect(verdict({}, { ...packet, on: "vio0" })).toBe("pass");
    expect(verdict({}, { ...packet, on: "vio1" })).toBe("block");
  });
});

describe("to the Internet", () => {
  const internet: Values = { "network.internet": ["10.10.0.0/24"] };
  const out = { ...outside, direction: "out", tag: "LAN2NET", from: LAN } as const;

  it.each<[string, Partial<Packet>, "pass" | "block"]>([
    ["a declared network", { ...lan, to: STRANGER, toPort: 443 }, "pass"],
    ["and out", { ...out, to: STRANGER }, "pass"],
    ["another inside network", { on: "vio2", from: DMZ, to: STRANGER, toPort: 443 }, "block"],
    ["not to another inside network", { ...lan, to: DMZ, toPort: 80 }, "block"],
    ["nor to the gateway", { ...lan, to: own.vio1, toPort: 22 }, "block"],
    ["nor to its further addresses", { ...lan, to: "198.51.100.4", toPort: 22 }, "block"],
    ["and never to a remote network in clear", { ...out, to: REMOTE }, "block"],
    ["which goes into its tunnel", { ...lan, to: REMOTE, toPort: 443 }, "pass"],
    ["pings of the gateway", { ...lan, protocol: "icmp", type: "echoreq", to: own.vio0 }, "pass"],
  ])("%s", (_what, packet, expected) => {
    expect(verdict(internet, packet)).toBe(expected);
  });

  it("translates to the outside address, and nobody without the key", () => {
    const nat = (changes: Values) =>
      parsePf(pfConf(configOf({ ...two, ...changes }))).rules.flatMap(({ natTo }) => natTo ?? []);
    expect(nat(internet)).toEqual(["198.51.100.1"]);
    expect(nat({})).toEqual([]);
    expect(verdict({}, { ...lan, to: STRANGER, toPort: 443 })).toBe("block");
  });
});

it("has the administrators' SSH on every side in its last resort, with the macros that it needs", () => {
  const last = pfConf(configOf(two))
    .split("\n")
    .flatMap((line) => /^# gwctl last (.*)$/.exec(line)?.[1] ?? []);
  const rules = parsePf(last.join("\n"));
  const ssh = { direction: "in", protocol: "tcp", from: "10.10.0.254", toPort: 22 } as const;
  expect(decide(rules, own, { ...ssh, on: "vio0", to: "10.10.0.2" })).toBe("pass");
  expect(decide(rules, own, { ...ssh, on: "vio1", to: "198.51.100.1" })).toBe("pass");
});
