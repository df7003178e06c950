import { describeTunnel } from "../../../components/describeTunnel";
import { ipsecTunnel } from "../../../render/ipsecConf";
import { idText } from "../../../config/selectors";
import { connectionNames } from "../../../render/phase2Id";
import { GOLDEN_PSK } from "../../golden/topologies";
import { configOf, type Values } from "../support/stack";

const host = { "tunnels.0.remote": ["10.20.1.0/24", "10.20.9.9/32"] };

function isakmpd(changes: Values) {
  const config = configOf({ "ike.daemon": "isakmpd", "tunnels.1.enabled": false, ...changes });
  const [tunnel] = config.tunnels;
  if (!tunnel) throw new Error("no tunnel");
  return { tunnel: describeTunnel(config, tunnel), text: ipsecTunnel(config, tunnel, GOLDEN_PSK) };
}

it("a single host is an address in both families, a network keeps its prefix", () => {
  expect(["10.20.9.9/32", "10.20.1.0/24", "2001:db8::9/128", "2001:db8::/64"].map(idText)).toEqual([
    "10.20.9.9",
    "10.20.1.0/24",
    "2001:db8::9",
    "2001:db8::/64",
  ]);
});

it("a host and a translated address are written as addresses, which strongSwan answers with", () => {
  expect(isakmpd(host).text).toContain("from 10.10.0.0/24 to 10.20.9.9 \\");
  const { text } = isakmpd({ "tunnels.0.nat": { address: "10.99.0.1" } });
  expect(text).toContain("from 10.99.0.1 (10.10.0.0/24) to 10.20.1.0/24 \\");
});

describe("isakmpd's names of a tunnel's connections", () => {
  const sec = { unit: 3, address: "169.254.10.2/30", peerAddress: "169.254.10.1" };
  it.each<[string, Values, string[]]>([
    ["networks", {}, ["from-10.10.0.0/24-to-10.20.1.0/24"]],
    ["hosts", host, ["from-10.10.0.0/24-to-10.20.1.0/24", "from-10.10.0.0/24-to-10.20.9.9"]],
    [
      "a translated address",
      { "tunnels.0.nat": { address: "10.99.0.1" } },
      ["from-10.99.0.1-to-10.20.1.0/24"],
    ],
    [
      "protocols and ports",
      { "tunnels.0.traffic": [{ protocol: "tcp", localPort: 22 }, { protocol: "icmp" }] },
      ["from-10.10.0.0/24=6:22-to-10.20.1.0/24=6", "from-10.10.0.0/24=1-to-10.20.1.0/24=1"],
    ],
    ["an interface", { "tunnels.0.kind": "route", "tunnels.0.sec": sec }, ["from-sec3-to-sec3"]],
  ])("are made of %s", (_, changes, names) => {
    expect(connectionNames(isakmpd(changes).tunnel)).toEqual(names);
  });
});
