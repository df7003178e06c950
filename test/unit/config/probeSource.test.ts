import { probeSource } from "../../../config/probeSource";
import { configOf } from "../support/stack";

const SEC = { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" };
const TARGET = "10.20.1.100";

// The gateway of these is 10.10.0.2.
test("declared is another host's, and of several arms the one in its network is ours", () => {
  const config = configOf({
    "network.outside": { interface: "vio1", address: "198.51.100.1/24", bridge: "br1" },
    "network.gateway": "198.51.100.254",
    "network.behindNat": false,
    "network.inside": [
      {
        name: "dmz",
        interface: "vio2",
        address: "10.30.0.1/24",
        bridge: "br2",
        aliases: ["10.30.0.2"],
      },
    ],
    "tunnels.0.local": ["10.30.0.0/24"],
    "tunnels.0.probe": { source: "10.30.0.9", target: TARGET },
  });
  const [tunnel] = config.tunnels;
  expect(tunnel && probeSource(config, tunnel)).toBe("10.30.0.1");
});

test.each([
  ["its own address", { source: "10.10.0.2" }, ["10.10.0.0/24"], undefined, "10.10.0.2"],
  ["another host's", { source: "10.10.0.9" }, ["10.10.0.0/24"], undefined, "10.10.0.2"],
  ["another network's", { source: "10.11.0.1" }, ["10.11.0.0/24"], undefined, "10.11.0.1"],
  ["its own, with an interface", { source: "10.10.0.2" }, ["10.10.0.0/24"], SEC, "10.10.0.2"],
  ["another network's, with one", { source: "10.11.0.1" }, ["10.11.0.0/24"], SEC, "169.254.10.2"],
  ["none", undefined, ["10.10.0.0/24"], SEC, undefined],
])("declared is %s", (_what, probe, local, sec, source) => {
  const config = configOf({
    "tunnels.0.local": local,
    "tunnels.0.probe": probe && { ...probe, target: TARGET },
    ...(sec && { "tunnels.0.kind": "route", "tunnels.0.sec": sec }),
  });
  const [tunnel] = config.tunnels;
  expect(tunnel && probeSource(config, tunnel)).toBe(source);
});
