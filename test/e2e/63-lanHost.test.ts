import { drift, onFirewall, up } from "./support/firewall";
import { onGateway } from "./support/lab";
import { ownStack, upOk } from "./support/ownStack";
import { editStack } from "./support/stackFile";

const NETWORK = "10.20.0.0/16";

const restore = ownStack();

// A machine on the LAN that has an administrator of its own; in the lab that is the firewall.
describe("a route on a LAN host", () => {
  const routed = async () => (await onFirewall("ip", "route", "show", "exact", NETWORK)).trim();
  const declare = (ttl: number) => {
    editStack((values) => {
      const connection = { host: "10.10.0.1", identityFile: ".lab/keys/admin" };
      values.set("lan", { routes: [{ name: "files", connection, networks: [NETWORK] }] });
      values.set("system.sysctls", { "net.inet.ip.ttl": ttl });
    });
  };

  it("never takes the place of one by hand, which it names, and harms nothing on the gateway", async () => {
    await onFirewall("ip", "route", "add", NETWORK, "via", "10.10.0.77");
    const byHand = await routed();
    declare(67);
    const { code, output } = await up();
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /files route-10\.20\.0\.0-16: this host has a route of its own to 10\.20\.0\.0\/16 \(10\.20\.0\.0\/16 via 10\.10\.0\.77/,
    );
    expect(await routed()).toBe(byHand);
    expect((await onGateway("cat /etc/sysctl.conf")).stdout).toContain("net.inet.ip.ttl=67\n");
    await onFirewall("ip", "route", "del", NETWORK);
  });

  it("is there with the next run, is missed when it is removed by hand, and goes with the stack's wish", async () => {
    declare(67);
    await upOk();
    expect(await routed()).toMatch(/^10\.20\.0\.0\/16 via 10\.10\.0\.2 /);
    await onFirewall("ip", "route", "del", NETWORK);
    const found = await drift();
    expect([found.code, found.findings.map(({ what }) => what)]).toEqual([
      1,
      ["files-route-10.20.0.0-16"],
    ]);
    await upOk();
    expect(await routed()).toMatch(/via 10\.10\.0\.2 /);
    restore();
    await upOk();
    expect(await routed()).toBe("");
    expect(await onFirewall("find", "/etc/network/if-up.d", "-name", "*routes*")).toBe("");
  });
});
