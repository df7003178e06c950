import { bypasses, exceptions, passedInClear, widest } from "../../../config/exceptions";
import { parseNetwork } from "../../../config/net";
import { configOf, type Values } from "../support/stack";

const everything: Values = { "tunnels.0.remote": ["0.0.0.0/0"] };

describe("a tunnel for every address leaves out", () => {
  it("the gateway's own network, the administrators', resolvers and peers by itself", () => {
    const config = configOf({
      ...everything,
      "network.dns": ["192.0.2.53"],
      "admin.networks": ["172.16.0.0/12"],
    });
    expect(exceptions(config)).toEqual([
      ...["10.10.0.0/24", "172.16.0.0/12", "192.0.2.53/32"],
      ...["198.51.100.11/32", "198.51.100.12/32"],
    ]);
    expect(passedInClear(config)).toEqual(["10.10.0.0/24"]);
  });

  it("what is declared, and nothing twice", () => {
    const config = configOf({ ...everything, "tunnels.0.except": ["198.51.100.0/24"] });
    expect(exceptions(config)).toEqual(["198.51.100.0/24", "10.10.0.0/24"]);
    expect(passedInClear(config)).toEqual(["198.51.100.0/24", "10.10.0.0/24"]);
  });

  it("nothing that a nearer tunnel takes, also a disabled one", () => {
    for (const enabled of [true, false]) {
      const config = configOf({
        ...everything,
        "network.dns": ["10.20.2.53"],
        "tunnels.1.enabled": enabled,
      });
      expect(exceptions(config)).not.toContain("10.20.2.53/32");
    }
  });

  it("of each of its own networks", () => {
    const config = configOf({
      ...everything,
      "tunnels.0.local": ["10.10.0.0/24", "10.11.0.0/24"],
      "tunnels.1.enabled": false,
    });
    const [west, east] = config.tunnels;
    const flows = west ? bypasses(config, west) : [];
    expect(flows).toContainEqual({ from: "10.11.0.0/24", to: "10.10.0.0/24" });
    expect(flows).toContainEqual({ from: "10.10.0.0/24", to: "10.11.0.0/24" });
    expect(east && bypasses(config, east)).toEqual([]);
  });
});

it("nothing is left out where no tunnel is for every address", () => {
  expect(exceptions(configOf())).toEqual([]);
  expect(passedInClear(configOf())).toEqual([]);
});

it("a disabled one has the same exceptions, or those of the enabled one beside it", () => {
  const disabled = { ...everything, "tunnels.0.enabled": false };
  expect(exceptions(configOf(disabled))).toEqual(exceptions(configOf(everything)));
  const both = {
    ...disabled,
    "tunnels.1.remote": ["0.0.0.0/0"],
    "tunnels.1.except": ["192.0.2.0/24"],
  };
  expect(exceptions(configOf(both))).toEqual(
    expect.arrayContaining(["192.0.2.0/24", "10.10.0.0/24"]),
  );
});

it("of networks that nest the widest stays, of equal ones the first", () => {
  const all = ["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8", "192.0.2.0/24"];
  const networks = all.flatMap((text) => parseNetwork(text) ?? []);
  expect(widest(networks)).toEqual([networks[0], networks[3]]);
});
