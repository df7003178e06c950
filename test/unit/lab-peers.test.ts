import type { Outputs, Tunnel } from "../../lab/network/outputs";
import { SITES, type Site } from "../../lab/network/sites";
import { espProposal, ikeProposal } from "../../lab/peers/proposals";
import { siteConnections } from "../../lab/peers/swanctl";

const phase1 = {
  encryption: "aes-256",
  integrity: "hmac-sha2-256",
  prf: "hmac-sha2-256",
  group: "ecp256",
  lifetime: 28800,
};
const phase2 = { encryption: "aes-256", integrity: "hmac-sha2-512", group: "none", lifetime: 3600 };

describe("proposals of the lab's peers", () => {
  test.each([
    [phase1, 2, "aes256-sha256-ecp256"],
    [{ ...phase1, group: "modp2048" }, 1, "aes256-sha256-modp2048"],
    [{ ...phase1, prf: "hmac-sha2-512" }, 2, "aes256-sha256-prfsha512-ecp256"],
    [{ ...phase1, prf: "hmac-sha2-512" }, 1, "aes256-sha256-ecp256"],
  ] as const)("phase 1 %j, IKEv%d", (phase, version, expected) => {
    expect(ikeProposal(phase, version)).toBe(expected);
  });

  test("an AEAD cipher has no integrity, but IKEv2 still needs a PRF", () => {
    const { integrity, ...rest } = phase1;
    const aead = { ...rest, encryption: "aes-256-gcm", group: "curve25519" };
    expect(integrity).toBeDefined();
    expect(ikeProposal(aead, 2)).toBe("aes256gcm16-prfsha256-curve25519");
    expect(espProposal(aead, 2)).toBe("aes256gcm16-curve25519");
  });

  test("group none is no group", () => {
    expect(espProposal(phase2, 2)).toBe("aes256-sha512");
    expect(espProposal({ ...phase2, group: "ecp256" }, 1)).toBe("aes256-sha512-ecp256");
  });

  test("an unknown name is an error that names it", () => {
    expect(() => espProposal({ ...phase2, encryption: "rot-13" }, 2)).toThrow(/rot-13/);
  });
});

describe("connections of a site", () => {
  const tunnel: Tunnel = {
    name: "west",
    ikeVersion: 2,
    vendor: "other",
    kind: "policy",
    auth: "psk",
    pskGeneration: 1,
    watchdog: true,
    selectors: [
      { local: "10.10.0.0/24", remote: "10.20.1.0/24" },
      { local: "10.10.9.0/24", remote: "10.20.1.0/24" },
    ],
    peer: "198.51.100.11",
    local: ["10.10.0.0/24", "10.10.9.0/24"],
    remote: ["10.20.1.0/24"],
    pairs: [
      { local: "10.10.0.0/24", remote: "10.20.1.0/24" },
      { local: "10.10.9.0/24", remote: "10.20.1.0/24" },
    ],
    localId: "gw-test.example.net",
    remoteId: "west.example.net",
    mode: "active",
    phase1,
    phase2,
    enabled: true,
  };
  const outputs = (...tunnels: Tunnel[]): Outputs => ({
    gateway: {
      name: "gw-test",
      address: "10.10.0.2/24",
      publicAddress: "198.51.100.1",
      hostKey: "ssh-ed25519 AAAA",
    },
    tunnels,
    presharedKeys: { west: 'a "quoted" # key' },
  });
  const site = (name: string): Site => {
    const found = SITES.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`the lab has no site ${name}`);
    return found;
  };
  const west = site("west");
  const east = site("east");

  test("everything is mirrored", () => {
    const [connection] = siteConnections(west, "test", outputs(tunnel));
    expect(connection?.name).toBe("test-west");
    expect(connection?.children).toEqual(["net"]);
    for (const line of [
      "version = 2",
      "local_addrs = 198.51.100.11",
      "remote_addrs = 198.51.100.1",
      "proposals = aes256-sha256-ecp256",
      "local_ts = 10.20.1.0/24",
      "remote_ts = 10.10.0.0/24, 10.10.9.0/24",
      "esp_proposals = aes256-sha512",
    ]) {
      expect(connection?.text).toContain(`${line}\n`);
    }
    expect(connection?.text).toMatch(/local \{[^}]*id = "west\.example\.net"/);
    expect(connection?.text).toMatch(/remote \{[^}]*id = "gw-test\.example\.net"/);
  });

  test("a key with any characters arrives as it is, and never in plain text", () => {
    const text = siteConnections(west, "test", outputs(tunnel))[0]?.text ?? "";
    const secret = /secret = 0s(\S+)/.exec(text)?.[1] ?? "";
    expect(Buffer.from(secret, "base64").toString()).toBe('a "quoted" # key');
    expect(text).not.toContain("quoted");
  });

  test("IKEv1 negotiates each pair of networks", () => {
    const [connection] = siteConnections(west, "test", outputs({ ...tunnel, ikeVersion: 1 }));
    expect(connection?.children).toEqual(["net-1", "net-2"]);
    expect(connection?.text).toContain("remote_ts = 10.10.9.0/24\n");
  });

  test("in IKEv1 it proposes the gateway's lifetimes, as isakmpd accepts no other", () => {
    const odd = { ...tunnel, ikeVersion: 1 as const, phase1: { ...phase1, lifetime: 28795 } };
    const [connection = "", child = ""] =
      siteConnections(west, "test", outputs(odd))[0]?.text.split("    children {") ?? [];
    const seconds = (part: string, key: string) =>
      Number(new RegExp(`\\b${key} = (\\d+)s`).exec(part)?.[1]);
    expect(seconds(connection, "rekey_time") + seconds(connection, "over_time")).toBe(28795);
    expect(seconds(child, "life_time")).toBe(3600);
    expect(seconds(child, "rekey_time")).toBeLessThan(3600);
  });

  test("a tunnel that the gateway waits for is started, and kept up, by the peer", () => {
    const [active] = siteConnections(west, "test", outputs(tunnel));
    const [passive] = siteConnections(west, "test", outputs({ ...tunnel, mode: "passive" }));
    expect(passive?.text).toContain("start_action = start\n");
    expect(passive?.text).toContain("dpd_action = restart\n");
    expect([active?.gatewayRetriesNow, passive?.gatewayRetriesNow]).toEqual([true, false]);
  });

  test("other peers' tunnels, disabled ones and stacks that are down give nothing", () => {
    expect(siteConnections(east, "test", outputs(tunnel))).toEqual([]);
    expect(siteConnections(west, "test", outputs({ ...tunnel, enabled: false }))).toEqual([]);
    expect(siteConnections(west, "test", {})).toEqual([]);
  });

  test("with public keys each version signs with the key that the gateway's daemon takes", () => {
    const text = (ikeVersion: 1 | 2) => {
      const signed: Tunnel = { ...tunnel, ikeVersion, auth: "publickey" };
      const [connection] = siteConnections(west, "test", { ...outputs(signed), publicKey: "PEM" });
      expect(connection?.gatewayKey).toBe("PEM");
      expect(connection?.text).toContain("pubkeys = test-west-gateway.pem\n");
      return connection?.text;
    };
    expect(text(2)).toContain("pubkeys = site.pem\n");
    expect(text(1)).toContain("pubkeys = site-rsa.pem\n");
  });

  test("a certificate is the tunnel's own, and sent unasked", () => {
    const signed: Tunnel = { ...tunnel, ikeVersion: 1, auth: "certificate" };
    const [connection] = siteConnections(west, "test", { ...outputs(signed), presharedKeys: {} });
    expect(connection?.text).toContain("certs = west.pem\n");
    expect(connection?.text).toContain("    send_cert = always\n");
    expect(connection?.text).not.toMatch(/secrets|pubkeys/);
  });

  test("a tunnel without a key is an error that names it", () => {
    expect(() => siteConnections(west, "test", { ...outputs(tunnel), presharedKeys: {} })).toThrow(
      /tunnel west: no key/,
    );
  });
});
