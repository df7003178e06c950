// The order in which the steps run is what keeps people from being locked out of a gateway.
import { LOGINS_AT_ONCE } from "../../render/sshdConf";
import { Order } from "./support/order";
import { runProgram, type StackValues, stackValues, tunnels } from "./support/program";

const ON_TRIAL = ["pf", "pfuser", "sshd"].flatMap((kind) => [
  kind,
  `${kind}-confirm`,
  `${kind}-settled`,
]);

async function orderOf(change: (values: StackValues) => void = () => undefined): Promise<Order> {
  const values = stackValues("test");
  change(values);
  return new Order(await runProgram(values));
}

function set(values: StackValues, key: string, fields: object): void {
  const name = `openbsd-ipsec-gateway:${key}`;
  values[name] = { ...(values[name] as object | undefined), ...fields };
}

/** Lines that only one of the two has. */
function differences(a: Order, b: Order): string[] {
  const [left, right] = [a.lines(), b.lines()];
  return [
    ...left.filter((line) => !right.includes(line)).map((line) => `- ${line}`),
    ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`),
  ];
}

describe("the order of a stack", () => {
  let order: Order;
  beforeAll(async () => {
    order = await orderOf();
  });

  it("is this one", () => {
    expect(`\n${order.lines().join("\n")}\n`).toMatchSnapshot();
  });

  it.each(
    ["gwctl", ...ON_TRIAL].slice(1).map((step, n) => [step, ["gwctl", ...ON_TRIAL][n] ?? ""]),
  )("%s waits for %s", (later, earlier) => {
    expect(order.waits(later, earlier)).toBe(true);
  });

  it("lets no other step on the gateway begin before sshd is settled", () => {
    const others = order
      .gatewaySteps()
      .filter((step) => !["first-boot", "gwctl", ...ON_TRIAL].includes(step));
    expect(others).toEqual(
      expect.arrayContaining(["sysctl", "enc0", "packages", "services", "ike", "west", "east"]),
    );
    for (const step of others)
      expect([step, order.waits(step, "sshd-settled")]).toEqual([step, true]);
  });

  it.each([
    ["gwctl", "first-boot"],
    ["first-boot", "installation"],
    ["services", "sysctl"],
    ["services", "enc0"],
    ["ike", "services"],
    ["watchdog", "services"],
    ["west", "ike"],
    ["east", "ike"],
    ["udp-500", "west"],
    ["udp-500", "east"],
    ["protection", "west"],
    ["protection", "pf-settled"],
  ])("%s waits for %s", (later, earlier) => {
    expect(order.waits(later, earlier)).toBe(true);
  });

  it("has packages wait for sshd also where there are no dotfiles", async () => {
    const plain = await orderOf((values) => {
      set(values, "system", { dotfiles: false });
    });
    expect(plain.waits("packages", "sshd-settled")).toBe(true);
  });

  it("is the same with isakmpd", async () => {
    const warned = jest.spyOn(console, "warn").mockReturnValue();
    const isakmpd = await orderOf((values) => {
      set(values, "ike", { daemon: "isakmpd" });
    });
    warned.mockRestore();
    expect(differences(order, isakmpd)).toEqual([]);
  });

  it("is the same in a protected stack, which holds what has data", async () => {
    const held = await orderOf((values) => {
      set(values, "machine", { protect: true });
    });
    expect(differences(order, held)).toMatchSnapshot();
  });

  it("loses a tunnel's steps alone when the tunnel leaves the stack", async () => {
    const left = await orderOf((values) => {
      tunnelsOf(values).pop();
    });
    expect(differences(order, left)).toMatchSnapshot();
  });

  it.each([
    ["sixteen lanes", LOGINS_AT_ONCE, undefined],
    ["eight over a jump host", 8, { host: "jump.example.net", user: "admin" }],
  ])("is that of %s, where the next tunnel waits for the first", async (_, lanes, proxy) => {
    const names = Array.from({ length: lanes + 1 }, (_, n) => `t${n}`);
    const many = await orderOf((values) => {
      const [west] = tunnelsOf(values);
      if (proxy) set(values, "admin", { proxy });
      values["openbsd-ipsec-gateway:tunnels"] = names.map((name, n) => ({
        ...west,
        name,
        peer: `198.51.100.${20 + n}`,
        remote: [`10.30.${n}.0/24`],
        remoteId: undefined,
        probe: { source: "10.10.0.2", target: `10.30.${n}.100` },
      }));
    });
    const waits = names.map((name) => names.filter((other) => many.waits(name, other)));
    expect(waits).toEqual([...Array.from({ length: lanes }, () => []), ["t0"]]);
  });

  it("has a route-based tunnel's interface before its file", async () => {
    const routed = await orderOf((values) => {
      const [west] = tunnels(values);
      west?.set("kind", "route");
      west?.set("sec", { unit: 4, address: "169.254.4.2/30", peerAddress: "169.254.4.1" });
    });
    expect(routed.waits("west", "west-sec4")).toBe(true);
    expect(routed.waits("west-sec4", "ike")).toBe(true);
  });

  it("installs errata last of all, before the IKE daemon is touched", async () => {
    const patched = await orderOf((values) => {
      set(values, "system", { patches: "apply" });
    });
    for (const step of ["sysctl", "enc0", "packages"]) {
      expect([step, patched.waits("patches", step)]).toEqual([step, true]);
    }
    expect(patched.waits("reboot", "patches")).toBe(true);
    expect(patched.waits("rebooted", "reboot")).toBe(true);
    expect(patched.waits("services", "rebooted")).toBe(true);
  });
});

function tunnelsOf(values: StackValues): Record<string, unknown>[] {
  return values["openbsd-ipsec-gateway:tunnels"] as Record<string, unknown>[];
}
