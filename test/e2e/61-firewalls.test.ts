import { expectKeptOverReboot, expectRestored, onFirewall, path, up } from "./support/firewall";
import { labOk, onGateway, verify } from "./support/lab";
import { ownStack, upOk } from "./support/ownStack";
import { editStack } from "./support/stackFile";

const restore = ownStack(() => labOk("firewall", "nftables"));

interface Kind {
  readonly firewall: "iptables" | "openbsd";
  readonly driver: "iptables" | "pf";
  /** Takes the forward of UDP 500 away, as somebody might. */
  readonly remove: () => Promise<unknown>;
  /** What the owner has loaded. */
  readonly owners: () => Promise<string>;
}

const KINDS: readonly Kind[] = [
  {
    firewall: "iptables",
    driver: "iptables",
    // xargs takes the quotes of the rule's comment off.
    remove: () =>
      onFirewall(
        "sh",
        "-c",
        "iptables -t nat -S PREROUTING | sed -n 's/^-A \\(.*udp-500.*\\)/-D \\1/p' | xargs iptables -t nat",
      ),
    owners: async () => (await onFirewall("iptables-save")).replace(/^#.*\n|\[\d+:\d+\]/gm, ""),
  },
  {
    firewall: "openbsd",
    driver: "pf",
    remove: () =>
      onFirewall(
        "sh",
        "-c",
        "sed /udp-500/d /etc/openbsd-ipsec-gateway/pf.conf | pfctl -a openbsd-ipsec-gateway -f -",
      ),
    owners: () => onFirewall("sh", "-c", "pfctl -s rules; cat /etc/pf.conf"),
  },
];

describe.each(KINDS)("a firewall of $firewall", ({ firewall, driver, remove, owners }) => {
  let before: string;

  it("is refused while it is taken for another, which harms nothing on the gateway", async () => {
    await labOk("firewall", firewall);
    before = await owners();
    const ttl = driver === "pf" ? 61 : 62;
    editStack((values) => {
      values.set("perimeter.driver", driver === "pf" ? "nftables" : "pf");
      values.set("system.sysctls", { "net.inet.ip.ttl": ttl });
    });
    const { code, output } = await up();
    restore();
    expect(code).not.toBe(0);
    expect(output).toMatch(
      driver === "pf"
        ? /nft is not installed here: /
        : /pfctl is not here: write perimeter\.driver/,
    );
    expect((await onGateway("cat /etc/sysctl.conf")).stdout).toContain(`net.inet.ip.ttl=${ttl}`);
    expect(await owners()).toBe(before);
  });

  it("forwards to the gateway", async () => {
    editStack((values) => {
      values.set("perimeter.driver", driver);
    });
    await upOk();
    // The peers have knocked in vain meanwhile, and come back at their own pace.
    const { code, tunnels } = await verify("--timeout", "180");
    expect([code, tunnels]).toEqual([0, expect.anything()]);
    expect((await path()).code).toBe(0);
  });

  it("gets back a forward that was removed by hand", () => expectRestored("udp-500", remove));

  it("has them again when it has booted", async () => {
    await expectKeptOverReboot();
    expect((await verify()).code).toBe(0);
  });

  it("is what it was when the stack leaves it", async () => {
    editStack((values) => {
      values.delete("perimeter");
    });
    await upOk();
    expect(await owners()).toBe(before);
    restore();
  });
});
