import type { Proof } from "../../contract/proof";
import { refusal, shapeHash } from "../../components/promotion";
import { configOf, east, type Values, west } from "./support/stack";

const shape = (changes: Values = {}): string => shapeHash(configOf(changes));

describe("the shape of a configuration", () => {
  it.each<[string, Values]>([
    [
      "the hypervisor",
      { "hypervisor.uri": "qemu+ssh://root@hv2/system", "hypervisor.pool": "vg1" },
    ],
    ["the machine", { "machine.name": "gw-prod", "machine.memoryMiB": 4096 }],
    ["the administrator's networks", { "admin.networks": ["10.12.0.254/32", "10.12.1.0/24"] }],
    ["a tunnel's addresses and names", { "tunnels.0.peer": "198.51.100.99" }],
    ["the remote networks", { "tunnels.0.remote": ["10.77.0.0/16"] }],
    ["the order of the tunnels", { tunnels: [east(), west()] }],
  ])("is the same wherever it is: %s", (_, changes) => {
    expect(shape(changes)).toBe(shape());
  });

  it.each<[string, Values]>([
    ["the daemon", { "ike.daemon": "isakmpd" }],
    ["an algorithm", { "tunnels.0.phase2": { encryption: "aes-128-gcm", group: "ecp384" } }],
    ["one more network", { "tunnels.0.remote": ["10.20.1.0/24", "10.20.9.0/24"] }],
    ["who starts", { "tunnels.0.mode": "passive" }],
    ["a tunnel that is off", { "tunnels.1.enabled": false }],
    ["NAT in front", { "network.publicAddress": "10.10.0.2", "network.behindNat": false }],
    [
      "a peer whose address is known no more",
      { "tunnels.1.peer": "any", "tunnels.1.mode": "passive" },
    ],
    ["a peer by name", { "tunnels.1.peer": "vpn.example.net" }],
    ["packages", { "system.packages": ["vim--no_x11"] }],
  ])("is another with %s", (_, changes) => {
    expect(shape(changes)).not.toBe(shape());
  });

  it("is the same with another name of a peer", () => {
    const [ours, theirs] = ["a.example.net", "b.example.net"];
    expect(shape({ "tunnels.1.peer": ours })).toBe(shape({ "tunnels.1.peer": theirs }));
  });
});

describe("a proof", () => {
  const proof: Proof = { at: "2026-11-20T12:00:00Z", shape: "a", code: "b", source: "c" };
  const need = { from: "test", require: "proof", maxAgeHours: 24 } as const;
  const soon = new Date("2026-11-21T11:59:00Z");
  const current = { shape: "a", code: "b", source: "c" };

  it("holds while it is fresh and of the same gateway", () => {
    expect(refusal(proof, current, need, soon)).toBeUndefined();
    const behind = new Date("2026-11-20T11:56:00Z");
    expect(refusal(proof, current, need, behind)).toBeUndefined();
  });

  it.each<[string, Proof | undefined, Partial<typeof current>, Date, RegExp]>([
    ["none", undefined, {}, soon, /never proven.*verify --stack test/],
    ["an old one", proof, {}, new Date("2026-11-21T12:30:00Z"), /hours old/],
    ["one without a time", { ...proof, at: "?" }, {}, soon, /has no time/],
    ["one of the year 2999", { ...proof, at: "2999-01-01T00:00:00Z" }, {}, soon, /from the future/],
    ["one of a clock ahead", proof, {}, new Date("2026-11-20T11:54:00Z"), /from the future/],
    ["one of another shape", proof, { shape: "x" }, soon, /another configuration/],
    ["one of other code", proof, { code: "x" }, soon, /another version/],
    ["one of another system", proof, { source: "x" }, soon, /from c.*from x/],
  ])("does not hold: %s", (_, had, differs, now, message) => {
    expect(refusal(had, { ...current, ...differs }, need, now)).toMatch(message);
  });
});
