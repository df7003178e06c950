import { lab, onGateway, spisOf, verify } from "./support/lab";

interface LeakReport {
  readonly cleartextOutside: number;
}

async function leaks(tunnel: string): Promise<LeakReport> {
  return JSON.parse((await lab("leaks", tunnel, "--json")).stdout) as LeakReport;
}

describe("a tunnel that is down", () => {
  let east: string[];

  beforeAll(async () => {
    east = await spisOf("east");
    expect((await onGateway("gwctl tunnel down west")).code).toBe(0);
  });

  afterAll(async () => {
    await onGateway("pfctl -f /etc/pf.conf");
    await onGateway("gwctl tunnel up west");
    expect((await verify()).code).toBe(0);
  });

  it("leaves the other one alone", async () => {
    expect(await spisOf("east")).toEqual(east);
  });

  it("sends nothing in clear, from neither side", async () => {
    expect((await leaks("west")).cleartextOutside).toBe(0);
  });

  it("would be seen leaking if the packet filter let it", async () => {
    expect((await onGateway("echo pass | pfctl -f -")).code).toBe(0);
    expect((await leaks("west")).cleartextOutside).toBeGreaterThan(0);
  });
});
