import type * as pulumi from "@pulumi/pulumi";
import { describeTunnel } from "../../../components/describeTunnel";
import type { Exported } from "../../../components/exported";
import { deployedTunnel, tunnel, type TunnelDescription } from "../../../contract/tunnel";
import type { Complete } from "../../../contract/types";
import type { GatewayOutput } from "../../../contract/stackOutputs";
import { configOf } from "../support/stack";

describe("a tunnel with every key", () => {
  const config = configOf({
    "tunnels.0.vendor": "strongswan",
    "tunnels.0.nat": { address: "10.99.0.1" },
    "tunnels.0.traffic": [{ protocol: "tcp", localPort: 22, remotePort: 443 }],
    "tunnels.0.phase1": {
      encryption: "aes-256",
      integrity: "hmac-sha2-256",
      prf: "hmac-sha2-512",
      group: "ecp384",
    },
    "tunnels.0.phase2": {
      encryption: "aes-256",
      integrity: "hmac-sha2-256",
      group: "ecp384",
      bytes: 2 ** 30,
      esn: true,
    },
    "tunnels.1.nat": { networks: [{ local: "10.10.0.0/24", as: "10.99.0.0/24" }] },
    "tunnels.1.probe": { source: "10.10.0.2", target: "10.20.2.1" },
    "tunnels.1.kind": "route",
    "tunnels.1.sec": { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
  });
  const [west, east] = config.tunnels.map((one) => describeTunnel(config, one));

  it("is read as it was written", () => {
    for (const written of [west, east]) {
      const exported = JSON.parse(JSON.stringify(written)) as Record<string, unknown>;
      expect(tunnel.parse(exported)).toEqual(exported);
      const { local, remote, ...read } = exported;
      expect([local, remote]).toEqual([expect.any(Array), expect.any(Array)]);
      expect(deployedTunnel.parse(exported)).toEqual(read);
    }
  });

  it("leaves no key of the contract out", () => {
    for (const written of [west, east]) {
      expect(Object.keys({ ...written }).sort()).toEqual(Object.keys(tunnel.shape).sort());
    }
    expect(Object.keys({ ...east?.nat }).sort()).toEqual(
      Object.keys(tunnel.shape.nat.unwrap().shape).sort(),
    );
    expect(east).toMatchObject({ probe: { target: "10.20.2.1" }, sec: { unit: 0 } });
    expect(west).toMatchObject({
      nat: { address: "10.99.0.1" },
      phase2: { bytes: 2 ** 30, esn: true },
      selectors: [{ protocol: "tcp", localPort: 22, remotePort: 443 }],
    });
  });
});

// The type check reads these: an expected error that does not come is an error.
describe("the compiler", () => {
  const config = configOf();
  const [declared] = config.tunnels;
  if (!declared) throw new Error("no tunnel");
  const whole = describeTunnel(config, declared);

  it("refuses a writer that leaves out a key, also an optional one", () => {
    const { nat, ...rest } = whole;
    // @ts-expect-error nat is missing
    const written: Complete<TunnelDescription> = rest;
    expect([nat, written]).toHaveLength(2);
  });

  it("refuses a writer with a key that the contract has not got", () => {
    const written: Exported<GatewayOutput>["ssh"] = {
      user: "root",
      port: 22,
      identityFile: undefined,
      proxy: undefined,
      // @ts-expect-error there is no such key
      shell: "ksh",
    };
    expect(written).toBeDefined();
  });

  it("takes an output for a value that is known only later", () => {
    const later = (key: pulumi.Output<string>): Exported<GatewayOutput>["hostKey"] => key;
    expect(later).toBeDefined();
  });

  it("refuses a reader of a key that the contract has not got", () => {
    // @ts-expect-error there is no such key
    const read = (one: TunnelDescription): unknown => one.colour;
    expect(read).toBeDefined();
  });
});
