import { stateOf, statusWithin, why } from "./support/operator";
import { lab, onGateway, spisOf, verify } from "./support/lab";
import { ownStack, upOk } from "./support/ownStack";
import { powerCut } from "./support/powerCut";
import { editStack } from "./support/stackFile";

const PATIENCE_S = 120;

const sec0 = async (): Promise<string> => (await onGateway("ifconfig sec0")).output;
/** An interface that is made anew has another. */
const indexOf = (interface_: string): string | undefined => /index (\d+)/.exec(interface_)?.[1];

async function proven(): Promise<void> {
  const { code, tunnels } = await verify();
  expect(tunnels).toHaveLength(2);
  expect(code).toBe(0);
}

async function clearPackets(): Promise<number> {
  const { stdout } = await lab("leaks", "west", "--json");
  return (JSON.parse(stdout) as { cleartextOutside: number }).cleartextOutside;
}

// OpenIKED 7.2, which the stand-in has, knows no sec(4).
describe("with isakmpd, a route-based tunnel", () => {
  ownStack();

  beforeAll(async () => {
    editStack((values) => {
      values.set("ike.daemon", "isakmpd");
      values.set("tunnels.0.kind", "route");
      values.set("tunnels.0.sec", {
        unit: 0,
        address: "169.254.10.2/30",
        peerAddress: "169.254.10.1",
      });
    });
    await upOk();
  });

  it("is proven by packets, also after a reboot, and has no flows", async () => {
    await proven();
    await powerCut();
    await proven();
    expect((await onGateway("ipsecctl -s flow")).stdout).not.toContain("198.51.100.11");
  });

  it.each([
    { lack: "ifconfig sec0 down", fix: "ifconfig sec0 up" },
    { lack: "route -qn delete -inet 10.20.1.0/24 169.254.10.1", fix: "sh /etc/netstart sec0" },
  ])("is down after $lack, and why says what to do", async ({ lack, fix }) => {
    await onGateway(lack);
    expect(stateOf(await statusWithin(PATIENCE_S, "west", ["down"]), "west")).toBe("down");
    const { cause } = await why("west");
    expect(cause).toMatchObject({ code: "interface", fix: `on the gateway: ${fix}` });
    expect((await onGateway(cause.fix.replace("on the gateway: ", ""))).code).toBe(0);
    expect(stateOf(await statusWithin(PATIENCE_S, "west", ["proven"]), "west")).toBe("proven");
  });

  it("sends nothing in clear without SAs, even where the packet filter would let it", async () => {
    expect((await onGateway("gwctl tunnel down west")).code).toBe(0);
    expect(await clearPackets()).toBe(0);
    expect((await onGateway("echo pass | pfctl -f -")).code).toBe(0);
    expect(await clearPackets()).toBe(0);
    await onGateway("pfctl -f /etc/pf.conf");
    expect((await onGateway("gwctl tunnel up west")).code).toBe(0);
    await proven();
  });

  it("gets another MTU and other addresses in place, and the other tunnel keeps its SAs", async () => {
    const [before, east] = [await sec0(), await spisOf("east")];
    editStack((values) => {
      values.set("tunnels.0.sec.mtu", 1300);
      values.set("tunnels.0.sec.address", "169.254.20.2/30");
      values.set("tunnels.0.sec.peerAddress", "169.254.20.1");
    });
    await upOk();
    await proven();
    const after = await sec0();
    expect(after).toMatch(/ mtu 1300$/m);
    expect(after).toContain("\tinet 169.254.20.2 --> 169.254.20.1 netmask 0xfffffffc\n");
    expect(after).not.toContain("169.254.10.");
    expect(indexOf(after)).toBe(indexOf(before));
    expect(await spisOf("east")).toEqual(east);
  });

  it("becomes a policy-based one, and its interface goes", async () => {
    editStack((values) => {
      values.delete("tunnels.0.kind");
      values.delete("tunnels.0.sec");
    });
    await upOk();
    await proven();
    expect(await sec0()).toContain("sec0: no such interface");
  });
});
