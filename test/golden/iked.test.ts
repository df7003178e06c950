import fc from "fast-check";
import { type Role, supported } from "../../config/algorithms";
import { profileOf } from "../../config/profiles";
import type { Phase1, Phase2 } from "../../config/schema";
import { ikedGlobals, ikedTunnel } from "../../render/ikedConf";
import { declaredTunnel } from "../unit/render/support/declarations";
import { load, values } from "../unit/support/stack";
import { describeWith } from "../unit/support/tools";
import { check } from "./ikedParser";
import { matrix, profiled, tunnelTexts } from "./matrix";
import { daemonsOf, GOLDEN_PSK, topologies, topology } from "./topologies";

const golden = (name: string): string => {
  const config = topology(name, "iked");
  const tunnels = config.tunnels.filter(({ enabled }) => enabled);
  return [
    ikedGlobals(config),
    ...tunnels.map((tunnel) => ikedTunnel(config, tunnel, GOLDEN_PSK)),
  ].join("");
};

describeWith("iked")("iked -n", () => {
  const loaded = Object.keys(topologies)
    .filter((name) => daemonsOf(name).includes("iked"))
    .filter((name) => topology(name, "iked").tunnels.some(({ enabled }) => enabled));

  it.each(loaded)("accepts %s", (name) => {
    expect(check(golden(name)).problems).toBe("");
  });

  it.each(matrix("iked"))("accepts %s with profile %s", (name, profile) => {
    const config = profiled(name, "iked", profile);
    const { problems, policies } = check(ikedGlobals(config) + tunnelTexts(config));
    expect(problems).toBe("");
    // Of the child SA it says only what the kernel that it runs on can do.
    const { phase1 } = profileOf("iked", profile);
    const ike = `ikesa enc ${phase1.encryption} .*group ${phase1.group} `;
    expect(policies.match(new RegExp(ike, "g"))).toHaveLength(config.tunnels.length);
  });

  it("refuses what is wrong, or the other checks would prove nothing", () => {
    expect(check(golden("nated").replace("ecp256", "ecp9999")).problems).toMatch(/ecp9999/);
    expect(check(golden("nated").replace(" \\\n\ttag", "\n\ttag")).problems).toMatch(/syntax/);
  });

  it("understands what was declared, not more and not less", () => {
    const { policies } = check(golden("nated"));
    const hexKey = Buffer.from(GOLDEN_PSK).toString("hex");
    expect(policies).toContain(
      'ikev2 "west" active tunnel esp inet from 10.10.0.0/24 to 10.20.1.0/24 ' +
        "local 10.10.0.2 peer 198.51.100.11 " +
        "ikesa enc aes-256 prf hmac-sha2-256 auth hmac-sha2-256 group ecp256 " +
        "childsa enc aes-256 auth hmac-sha2-512 group ecp256",
    );
    expect(policies).toContain("srcid gw-test.example.net dstid west.example.net");
    expect(policies).toContain("ikelifetime 28800 lifetime 3600");
    expect(policies).toContain(`psk 0x${hexKey} tag "vpn-west"`);
    expect(policies).toContain('ikev2 "east" passive');
  });

  it("takes signatures that name their hash, and no preshared key, where keys are public", () => {
    const { policies } = check(golden("publickey"));
    expect(policies).toMatch(/"west" .*dstid west\.example\.net .*lifetime 3600 .*rfc7427/);
    expect(policies).not.toMatch(/"west" .*psk/);
    expect(policies).toMatch(/"east" .*psk 0x/);
    expect(check(golden("certificate")).policies).toMatch(/"west" .*lifetime 3600 .*rfc7427/);
    const cisco = check(golden("certificate-cisco")).policies;
    expect(cisco).toMatch(/"west" .*lifetime 3600 .*ecdsa256/);
  });

  it.each(["short", "pa$$#{w}", 'quo"ted', "quo'ted", "two words", "back\\slash", "0x00ff17"])(
    "reads the key %p as it is",
    (psk) => {
      const config = topology("nated", "iked");
      const [west] = config.tunnels;
      const { problems, policies } = check(west ? ikedTunnel(config, west, psk) : "");
      const hex = psk.startsWith("0x") ? psk : `0x${Buffer.from(psk).toString("hex")}`;
      expect(problems).toBe("");
      expect(policies).toContain(`psk ${hex} tag`);
    },
  );

  it("takes distinguished names, and lifetimes of more than a day", () => {
    expect(check(golden("distinguished-names")).policies).toContain(
      "srcid /C=DE/O=Example AG/CN=gw dstid /C=DE/O=Example AG/CN=west",
    );
    const { policies } = check(golden("old-peer"));
    expect(policies).toContain("srcid gw@example.net dstid ops@west.example.net");
    expect(policies).toContain("ikelifetime 172800 lifetime 172800");
  });

  // Of the child SA it says only what the kernel that it runs on can do.
  it("offers several proposals in their order", () => {
    expect(check(golden("in-transition")).policies).toMatch(
      new RegExp(
        '"west" .*ikesa enc aes-256-gcm prf hmac-sha2-384 group ecp384 ' +
          "ikesa enc aes-256 prf hmac-sha2-256 auth hmac-sha2-256 group modp2048 " +
          "childsa enc aes-256 auth hmac-sha2-256 group modp2048 noesn",
      ),
    );
  });

  it("understands what is limited, translated and routed", () => {
    const limited = check(golden("limits")).policies;
    expect(limited).toMatch(/ikev2 "west" .*noesn .*bytes 4294967296/);
    expect(limited).toMatch(/ikev2 "east" .* group ecp256 esn .*bytes 68719476736/);
    const narrow = check(golden("traffic")).policies;
    expect(narrow).toMatch(
      /"west" .*proto \{ tcp \} .*from 10.10.0.0\/24 to 10.20.1.0\/24 port 443/,
    );
    expect(narrow).toMatch(/"west" .*from 10.10.0.0\/24 port 22 to 10.20.1.0\/24/);
    expect(narrow).toMatch(/"east" .*proto \{ gre \}/);
    expect(check(golden("nat")).policies).toMatch(/"west" .*from 10.99.0.1\/32 to 10.20.1.0\/24/);
    const mapped = check(golden("nat-networks")).policies;
    for (const shown of ["10.99.0.0/24", "10.99.1.0/24", "10.12.0.0/16", "10.99.2.5/32"]) {
      expect(mapped).toContain(`from ${shown} to 10.20.1.0/24`);
    }
    expect(check(golden("gre")).policies).toMatch(
      /"west" active transport esp proto \{ gre \} inet from 10\.10\.0\.2 to 198\.51\.100\.11 /,
    );
    expect(check(golden("routed")).policies).toMatch(/"west" .*from (any|0.0.0.0\/0) to/);
  });

  it("accepts whatever can be declared", () => {
    const some = fc.sample(declaredTunnel("iked"), { seed: 42, numRuns: 150 });
    const policies = some.flatMap((tunnel) => {
      const { config } = load({ ...values(), tunnels: [tunnel] });
      return config.tunnels.map((one) => ikedTunnel(config, one, GOLDEN_PSK));
    });
    expect(check(policies.join("")).problems).toBe("");
  });

  it("puts every pair of a tunnel into one policy", () => {
    const { policies } = check(golden("several-networks"));
    expect(policies.match(/^ikev2 "west"/gm)).toHaveLength(1);
    for (const from of ["10.10.0.0/24", "10.11.0.0/16"]) {
      for (const to of ["10.20.1.0/24", "10.20.9.9"]) {
        expect(policies).toContain(`from ${from} to ${to}`);
      }
    }
  });

  const base = topology("nated", "iked");
  const [west] = base.tunnels;
  const phases: Record<Role, (name: string) => { phase1?: Phase1; phase2?: Phase2 }> = {
    ikeEncryption: (encryption) => ({ phase1: ike({ encryption }) }),
    ikeIntegrity: (integrity) => ({ phase1: ike({ integrity, prf: integrity }) }),
    ikeGroup: (group) => ({ phase1: ike({ group }) }),
    espEncryption: (encryption) => ({ phase2: esp({ encryption }) }),
    espIntegrity: (integrity) => ({ phase2: esp({ integrity }) }),
    espGroup: (group) => ({ phase2: esp({ group }) }),
  };

  function ike(change: Partial<Phase1>): Phase1 {
    const aead = change.encryption?.includes("gcm") ?? false;
    const plain = { encryption: "aes-256", integrity: aead ? undefined : "hmac-sha2-256" };
    return { ...plain, prf: "hmac-sha2-256", group: "ecp256", lifetime: 28800, ...change };
  }

  function esp(change: Partial<Phase2>): Phase2 {
    const aead = /gcm|chacha/.test(change.encryption ?? "");
    const plain = { encryption: "aes-256", integrity: aead ? undefined : "hmac-sha2-512" };
    return { ...plain, group: "ecp256", lifetime: 3600, ...change };
  }

  it.each(Object.keys(phases) as Role[])("knows every %s that the rules accept", (role) => {
    if (!west) throw new Error("no tunnel");
    for (const name of supported("iked", role)) {
      const text = ikedTunnel(base, { ...west, ...phases[role](name) }, GOLDEN_PSK);
      expect([name, check(text).problems]).toEqual([name, ""]);
    }
  });
});
