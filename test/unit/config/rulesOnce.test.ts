import { edited, problemsOf, type Values, warningsOf } from "../support/stack";

const pair = { local: "10.10.0.0/24", remote: "10.20.1.0/24" };
const seen = { local: "10.10.0.0/24", as: "10.99.0.0/24" };
const exception = { reason: "no other firmware", expires: "2026-01-01" };

it.each<[what: string, values: Values, said: string[]]>([
  [
    "a network that is no network is in no other one",
    { "tunnels.1.remote": ["10.20.1.5/24"] },
    ["GW010 tunnels[1].remote[0]"],
  ],
  [
    "equal networks do not cross",
    { "tunnels.1.remote": ["10.20.1.0/24"] },
    ["GW031 tunnels[1].remote[0]"],
  ],
  [
    "a pair that is twice in one tunnel",
    {
      "tunnels.0.local": undefined,
      "tunnels.0.remote": undefined,
      "tunnels.0.pairs": [pair, pair],
    },
    ["GW031 tunnels[0].pairs[1].remote"],
  ],
  [
    "one address for two customers with the same network",
    {
      "tunnels.0.nat": { address: "10.99.0.1" },
      "tunnels.1.nat": { address: "10.99.0.1" },
      "tunnels.1.local": ["10.11.0.0/24"],
      "tunnels.1.remote": ["10.20.1.0/24"],
    },
    ["GW078 tunnels[1].nat.address"],
  ],
  [
    "a network that is shown as one that another tunnel shows as it is",
    {
      "tunnels.0.nat": { networks: [seen] },
      "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24"],
      "tunnels.1.nat": { networks: [{ ...seen, as: "10.11.0.0/24" }] },
      "tunnels.1.remote": ["10.20.1.0/24"],
    },
    ["GW031 tunnels[1].remote[0]", "GW239 tunnels[1].nat.networks[0].as"],
  ],
  [
    "a network that cannot be, which the gateway would be shown to",
    {
      "tunnels.0.nat": { networks: [seen] },
      "tunnels.0.remote": ["10.20.1.0/33"],
      "tunnels.1.nat": { networks: [{ ...seen, as: "10.98.0.0/24" }] },
    },
    ["GW010 tunnels[0].remote[0]"],
  ],
  [
    "a network that is none, and so no partner of the others and no place for a probe",
    {
      "tunnels.0.remote": ["10.20.1.0 255.255.255.0"],
      "tunnels.0.probe": { source: "10.10.0.2", target: "10.20.1.100" },
    },
    ["GW010 tunnels[0].remote[0]"],
  ],
  [
    "an address that is none, and so no other key's",
    { "network.publicAddress": "198.51.100" },
    ["GW011 network.publicAddress"],
  ],
  [
    "a probe's address that is none, and so in no network",
    { "tunnels.0.probe": { source: "10.10.0.2", target: "the server" } },
    ["GW011 tunnels[0].probe.target"],
  ],
])("said once: %s", (_, values, said) => {
  expect(problemsOf(edited(values)).map(({ code, path }) => `${code} ${path}`)).toEqual(said);
});

it("an exception that nothing needs is told to go, and not that it has run out or what it allows", () => {
  const codes = warningsOf(edited({ "tunnels.0.exception": exception })).map(({ code }) => code);
  expect(codes.filter((code) => code !== "GW086")).toEqual(["GW065"]);
  expect(problemsOf(edited({ "tunnels.0.exception": exception }))).toEqual([]);
});
