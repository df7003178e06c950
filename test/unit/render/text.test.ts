import { quotedPsk } from "../../../render/quote";
import { forwardsFor } from "../../../render/perimeter/forwards";
import { rcConfLocal } from "../../../render/rcConfLocal";
import { sysctlConf } from "../../../render/sysctlConf";
import { tunnelFile } from "../../../render/tunnelFile";
import { typedIdentity } from "../../../config/identity";
import { configOf, networkOfIpv6 } from "../support/stack";

const psk = "vK3c9m2QpT7xWz4Lr8Ns6Yb1Hd5Fg0Ja";

describe("a key that a daemon would misread", () => {
  it.each(["", `${psk}\\`, `${psk} x`, `${psk}"'`, `0x${psk}`])("is never rendered: %p", (bad) => {
    expect(() => quotedPsk("isakmpd", bad)).toThrow(RangeError);
    try {
      quotedPsk("isakmpd", bad);
    } catch (error) {
      if (bad !== "") expect(String(error)).not.toContain(bad);
    }
  });
});

describe("a tunnel's file", () => {
  it.each([
    ["west.example.net", "FQDN/west.example.net"],
    ["gw@example.net", "UFQDN/gw@example.net"],
    ["198.51.100.11", "IPV4/198.51.100.11"],
    ["2001:db8::11", "IPV6/2001:db8::11"],
    ["/C=DE/O=Example AG/CN=ops@west", "ASN1_DN//C=DE/O=Example AG/CN=ops@west"],
  ])("names identity %s as the daemon prints it", (identity, typed) => {
    expect(typedIdentity(identity)).toBe(typed);
    const config = configOf({ "tunnels.0.remoteId": identity });
    const [tunnel] = config.tunnels;
    expect(tunnel && tunnelFile(config, tunnel, psk)).toContain(`# gwctl dstid ${typed}\n`);
  });

  it("is for the daemon chosen, and isakmpd's names its phase 1", () => {
    const iked = configOf();
    const isakmpd = configOf({ "ike.daemon": "isakmpd" });
    const [one] = iked.tunnels;
    const [other] = isakmpd.tunnels;
    expect(one && tunnelFile(iked, one, psk)).toMatch(/^ikev2 "west"/m);
    expect(other && tunnelFile(isakmpd, other, psk)).toMatch(/^ike active esp tunnel/m);
    expect(other && tunnelFile(isakmpd, other, psk)).toContain(
      "# gwctl phase1 peer-198.51.100.11-local-10.10.0.2\n",
    );
  });

  it("spells an algorithm as the daemon does, in full", () => {
    const phase2 = { encryption: "3des", integrity: "hmac-sha1", group: "brainpool256" };
    const exception = { reason: "an old peer", expires: "2099-12-31" };
    const changes = { "tunnels.0.phase2": phase2, "tunnels.0.exception": exception };
    const config = configOf({ "ike.daemon": "isakmpd", ...changes });
    const [tunnel] = config.tunnels;
    expect(tunnel && tunnelFile(config, tunnel, psk)).toContain(
      "quick auth hmac-sha1 enc 3des-cbc group bp256 lifetime 3600",
    );
  });
});

it("sysctl.conf has only name=value lines, without blanks", () => {
  const v6 = { "tunnels.0.local": ["2001:db8:1::/64"], "tunnels.0.remote": ["2001:db8:2::/64"] };
  for (const config of [configOf(), configOf(v6)]) {
    const rows = sysctlConf(config).trimEnd().split("\n").slice(1);
    for (const row of rows) expect(row).toMatch(/^net\.[a-z0-9.]+=[01]$/);
    expect(rows).toContain("net.inet.ip.forwarding=1");
  }
  expect(sysctlConf(configOf())).not.toContain("inet6");
  expect(sysctlConf(configOf(v6))).toContain("net.inet6.ip6.forwarding=1\n");
});

it("exactly one IKE daemon is enabled", () => {
  expect(rcConfLocal("iked")).toBe("isakmpd_flags=NO\nipsec=NO\niked_flags=\n");
  expect(rcConfLocal("isakmpd")).toBe("iked_flags=NO\nisakmpd_flags=-K -v\nipsec=YES\n");
});

describe("the forwards", () => {
  const perimeter = {
    driver: "nftables",
    connection: { host: "10.10.0.1" },
    outside: { interface: "ext0", address: "198.51.100.1" },
  };
  const names = (changes: Record<string, unknown>) => {
    const config = configOf({ perimeter, ...changes });
    return config.perimeter ? forwardsFor(config, config.perimeter) : [];
  };

  it("are IKE's two ports, and ESP only when no NAT is between", () => {
    expect(names({}).map(({ name }) => name)).toEqual(["udp-500", "udp-4500"]);
    expect(names({ "network.behindNat": false }).map(({ name }) => name)).toEqual([
      "udp-500",
      "udp-4500",
      "esp",
    ]);
  });

  it("are open to the peers of enabled tunnels only", () => {
    const [first] = names({ "tunnels.1.enabled": false });
    expect(first).toMatchObject({ target: "10.10.0.2", sources: ["198.51.100.11"] });
  });

  it("are open to everybody while a peer is given by name, of IPv6 as well", () => {
    const named = { "tunnels.0.peer": "vpn.example.net" };
    expect(names(named).map(({ sources }) => sources)).toEqual([["any"], ["any"]]);
    const six = names({
      ...named,
      network: networkOfIpv6,
      perimeter: { ...perimeter, outside: { interface: "ext0", address: "2001:db8:10::2" } },
      "tunnels.1.enabled": false,
    });
    expect(six).toHaveLength(3);
    expect(six[0]).toMatchObject({ target: "2001:db8:10::2", sources: ["any"] });
  });
});
