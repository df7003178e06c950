import { assess } from "../../../operate/path/assess";
import { gatewayEvidence } from "../../../operate/path/gatewayQuestion";
import type { PathRow } from "../../../contract/documents/operate";
import type { Evidence, PerimeterEvidence, Probe } from "../../../operate/path/model";
import { parseOutside } from "../../../operate/path/outside";
import { perimeterEvidence } from "../../../operate/path/perimeterQuestion";
import { arrival } from "../../../operate/path/probe";
import { pathTable } from "../../../operate/path/table";
import type { StackOutputs } from "../../../contract/stackOutputs";
import { around, deployed } from "./support/deployed";

const outputs: StackOutputs = { ...deployed, perimeter: around };

const SA = (from: string, to: string, counts: string, udp = true) =>
  `esp tunnel from ${from} to ${to} spi 0x00000001 auth hmac-sha2-512 enc aes-256
	sa: spi 0x00000001 auth hmac-sha2-512 enc aes-256
		state mature replay 0 flags 0x204<tunnel${udp ? ",udpencap" : ""}>
${udp ? "	udpencap: udpencap port 4500\n" : ""}	counter:
${counts}`;
const IN = SA("198.51.100.11", "10.10.0.2", "\t\t25 input packets\n");
const OUT = SA("10.10.0.2", "198.51.100.11", "\t\t25 output packets\n");

/** What the gateway and the firewall print when all is well; an edit changes it. */
const GATEWAY = `--- mtus
west 1406
east 1406
--- sas
${OUT}${IN}--- states
all udp 10.10.0.2:4500 <- 198.51.100.11:4500       MULTIPLE:MULTIPLE
all udp 10.10.0.2:4500 <- 198.51.100.12:4500       MULTIPLE:MULTIPLE
--- rules
match on enc0 all scrub (max-mss 1350)
`;
const FLOW_500 =
  "udp 17 9 src=198.51.100.12 dst=198.51.100.1 sport=500 dport=500 src=10.10.0.2 dst=198.51.100.12 sport=500 dport=500 mark=0 use=1\n";
const FLOW_4500 = FLOW_500.replaceAll("500 ", "4500 ");
const FIREWALL = `--- perimeter
present\t
--- udp-500
present\t
--- udp-4500
present\t
--- tracked
conntrack
${FLOW_500}${FLOW_4500}`;

interface Case {
  readonly outputs?: StackOutputs;
  readonly gateway?: string;
  readonly firewall?: PerimeterEvidence | string | undefined;
  readonly probes?: readonly Probe[];
  readonly silent?: readonly string[];
}

function rows(given: Case = {}): PathRow[] {
  const evidence: Evidence = {
    gateway: gatewayEvidence(given.gateway ?? GATEWAY, "10.10.0.2"),
    perimeter: "firewall" in given ? given.firewall : perimeterEvidence(FIREWALL, "10.10.0.2"),
    probes: given.probes ?? [],
    silent: given.silent ?? [],
  };
  return assess(given.outputs ?? outputs, evidence);
}

function row(check: string, given?: Case): PathRow | undefined {
  return rows(given).find((one) => one.check === check);
}

const told = (from: string | RegExp, to: string) =>
  perimeterEvidence(FIREWALL.replace(from, to), "10.10.0.2");

const from = (place: Probe["from"], port: number, arrived?: Probe["arrived"]): Probe => ({
  from: place,
  port,
  source: { host: "198.51.100.11", port: 45000 },
  arrived,
});

it("finds everything right where it is", () => {
  const found = rows();
  expect(found.map(({ check, result }) => [check, result])).toEqual(
    ["udp-500", "udp-4500", "source", "ports", "esp", "mtu west", "mtu east"].map((check) => [
      check,
      "ok",
    ]),
  );
});

describe("what arrives", () => {
  it.each(["missing", "changed", "unkept", "foreign"])("is in doubt with a forward %s", (state) => {
    const firewall = told("--- udp-500\npresent\t", `--- udp-500\n${state}\tthe rule`);
    expect(row("udp-500", { firewall })).toMatchObject({
      result: "wrong",
      seen: `the forward is ${state}: the rule`,
      fix: expect.any(String) as string,
    });
    expect(row("udp-4500", { firewall })?.result).toBe("ok");
  });

  it("is not claimed where no packet used the forward", () => {
    expect(row("udp-500", { firewall: told(FLOW_500, "") })).toMatchObject({
      result: "unseen",
      seen: expect.stringContaining("--from") as string,
    });
  });

  it("is not claimed by a state on the gateway that the firewall knows nothing of", () => {
    expect(row("udp-4500", { firewall: told(FLOW_4500, "") })?.result).toBe("unseen");
    const { forwards } = told("", "");
    expect(row("udp-4500", { firewall: { forwards } })?.result).toBe("ok");
  });

  it("is shown by a datagram from outside", () => {
    const arrived = { host: "198.51.100.11", port: 45000 };
    const probes = [from("outside", 500, arrived)];
    expect(row("udp-500", { probes, firewall: told(FLOW_500, "") })?.result).toBe("ok");
  });

  it("is not, when that datagram is lost", () => {
    expect(row("udp-500", { probes: [from("outside", 500)] })).toMatchObject({ result: "wrong" });
    const stranger = { ...from("outside", 500), source: { host: "203.0.113.9", port: 45000 } };
    expect(row("udp-500", { probes: [stranger] })).toMatchObject({ result: "unknown" });
  });

  it("is not, when the firewall itself does not reach the gateway", () => {
    expect(row("udp-500", { probes: [from("perimeter", 500)] })).toMatchObject({ result: "wrong" });
  });

  it("is unknown where a host outside sends nothing", () => {
    expect(row("udp-500", { silent: ["outside: no route to host"] })).toMatchObject({
      result: "unknown",
      seen: "outside: no route to host",
    });
  });

  it("is unknown where the firewall was not reached and no packet of a peer arrived", () => {
    const gateway = GATEWAY.replace(/^all udp.*12:4500.*\n/m, "");
    const found = rows({ firewall: "perimeter cannot be reached", gateway });
    expect(found[0]).toEqual({
      check: "perimeter",
      result: "unknown",
      seen: "perimeter cannot be reached",
    });
    expect(found.find(({ check }) => check === "udp-500")?.result).toBe("unknown");
  });

  it("rests on the tunnels behind a firewall that the stack does not drive", () => {
    const manual: StackOutputs = {
      ...outputs,
      perimeter: { ...around, driver: "manual", ssh: undefined },
    };
    expect(row("udp-500", { outputs: manual, firewall: undefined })?.result).toBe("unseen");
    const gateway = GATEWAY.replace(/^all udp.*12:4500.*\n/m, "");
    const silent = row("udp-500", { outputs: manual, firewall: undefined, gateway });
    expect(silent).toMatchObject({
      result: "unknown",
      seen: expect.stringMatching(/198\.51\.100\.12 is not heard/) as string,
    });
  });
});

describe("what is rewritten", () => {
  it("is the source, by a firewall that hides it", () => {
    const firewall = told("src=10.10.0.2 dst=198.51.100.12", "src=10.10.0.2 dst=10.10.0.1");
    expect(row("source", { firewall })).toMatchObject({
      result: "wrong",
      seen: "198.51.100.12 reaches the gateway as 10.10.0.1",
    });
  });

  it("is the source of a datagram from outside", () => {
    const probes = [from("outside", 500, { host: "10.10.0.1", port: 45000 })];
    expect(row("source", { probes })).toMatchObject({ result: "wrong" });
  });

  it("is the port, on the way in", () => {
    const probes = [from("outside", 500, { host: "198.51.100.11", port: 1024 })];
    expect(row("ports", { probes })).toMatchObject({
      result: "wrong",
      seen: "sent from port 45000, arrived from port 1024",
      fix: expect.stringContaining("passthrough") as string,
    });
  });

  it("is the port, on the way out", () => {
    const out =
      "udp 17 9 src=10.10.0.2 dst=198.51.100.12 sport=500 dport=500 src=198.51.100.12 dst=198.51.100.1 sport=500 dport=1024 mark=0 use=1\n";
    expect(row("ports", { firewall: told(FLOW_500, out) })).toMatchObject({
      result: "wrong",
      seen: "port 500 leaves as port 1024 to 198.51.100.12",
    });
  });

  it("is the port of a peer, by a flow from before the forward", () => {
    const stuck =
      "udp 17 9 src=198.51.100.12 dst=198.51.100.1 sport=4500 dport=4500 src=10.10.0.2 dst=198.51.100.12 sport=4500 dport=10502 mark=0 use=1\n";
    expect(row("ports", { firewall: told(FLOW_4500, stuck) })).toMatchObject({
      result: "wrong",
      seen: "port 4500 of 198.51.100.12 reaches the gateway as port 10502",
      fix: expect.stringContaining("conntrack -D -s 198.51.100.12") as string,
    });
  });

  it("is known as far as NAT traversal knows it, where no firewall answers", () => {
    const firewall = undefined;
    expect(row("ports", { firewall })).toMatchObject({
      result: "unseen",
      seen: expect.stringMatching(/NAT traversal knows the peers by port 4500$/) as string,
    });
    const gateway = GATEWAY.replace("udpencap port 4500", "udpencap port 10502");
    expect(row("ports", { firewall, gateway })).toMatchObject({
      result: "unseen",
      seen: expect.stringMatching(/198\.51\.100\.11 comes from port 10502: a NAT/) as string,
    });
  });

  it("is the gateway's address, to one that the peers do not expect", () => {
    const firewall = told("dst=198.51.100.1 sport", "dst=198.51.100.2 sport");
    expect(row("ports", { firewall })).toMatchObject({
      result: "wrong",
      seen: expect.stringMatching(/198\.51\.100\.2, not network\.publicAddress/) as string,
    });
  });
});

describe("ESP", () => {
  const open: StackOutputs = { ...outputs, gateway: { ...deployed.gateway, behindNat: false } };
  const bare = (counts: string) =>
    GATEWAY.replace(
      /--- sas\n[^]*?--- states/,
      `--- sas\n${SA("10.10.0.2", "198.51.100.11", "\t\t9 output packets\n", false)}${SA("198.51.100.11", "10.10.0.2", counts, false)}--- states`,
    );

  test.each([
    [bare("\t\t7 input packets\n"), "ok", /7 packets came in/],
    [bare("\t\t0 input packets\n"), "wrong", /9 packets went out and none came in/],
    [GATEWAY, "ok", /a NAT was found/],
    [GATEWAY.replace(/--- sas\n[^]*?--- states/, "--- sas\n--- states"), "unknown", /no tunnel/],
  ])("without NAT (%#)", (gateway, result, seen) => {
    expect(row("esp", { outputs: open, gateway })).toMatchObject({
      result,
      seen: expect.stringMatching(seen) as string,
    });
  });

  it.each(["missing", "changed", "unkept", "foreign"])(
    "is in doubt with its forward %s",
    (state) => {
      const firewall = told("--- tracked", `--- esp\n${state}\tthe rule\n--- tracked`);
      expect(
        row("esp", { outputs: open, gateway: bare("\t\t7 input packets\n"), firewall }),
      ).toMatchObject({ result: "wrong", seen: `the forward is ${state}: the rule` });
    },
  );

  it("without UDP contradicts behindNat", () => {
    expect(row("esp", { gateway: bare("\t\t7 input packets\n") })?.fix).toMatch(/behindNat: false/);
  });
});

describe("the length of packets", () => {
  test.each([
    ["west 1389", "wrong", /up to 1389 bytes, but the MSS clamp 1350 lets packets of 1390/],
    ["west 1390", "ok", /clamp 1350 fits/],
    ["west 0", "unknown", /does not answer: gateway why west/],
  ])("%s", (line, result, seen) => {
    const found = row("mtu west", { gateway: GATEWAY.replace("west 1406", line) });
    expect(found).toMatchObject({ result, seen: expect.stringMatching(seen) as string });
    if (result === "wrong") expect(found?.fix).toContain("network.maxMss: 1349");
  });

  it("is clamped by the last rule, and not by none", () => {
    const later = `${GATEWAY}  match on enc0 all scrub (max-mss 1300)\n`;
    expect(row("mtu west", { gateway: later })?.seen).toMatch(/clamp 1300 fits/);
    const none = GATEWAY.replace(/match on enc0.*\n/, "");
    expect(row("mtu west", { gateway: none })).toMatchObject({ result: "wrong" });
  });

  it.each([
    ["", "unseen", /clamp 1350 lets packets of TCP up to 1410 bytes/],
    ["match on enc0 inet6 all scrub (max-mss 1330)\n", "unseen", /clamp 1330 .* 1390 bytes/],
    ["match on enc0 inet all scrub (max-mss 1200)\n", "unseen", /clamp 1350 .* IPv4 only/],
  ])("is not measured of IPv6, whose clamp is told: %j", (rule, result, seen) => {
    const [west, ...rest] = outputs.tunnels;
    const probe = { source: "2001:db8:10::2", target: "2001:db8:20::100" };
    const tunnels = west ? [{ ...west, probe }, ...rest] : [];
    const six = { ...outputs, tunnels };
    const found = row("mtu west", { outputs: six, gateway: `${GATEWAY}${rule}` });
    expect(found).toMatchObject({ result, seen: expect.stringMatching(seen) as string });
    const none = GATEWAY.replace(/match on enc0.*\n/, "");
    expect(row("mtu west", { outputs: six, gateway: none })).toMatchObject({ result: "wrong" });
  });

  it("is not measured where there is nothing to ask", () => {
    const [west, ...rest] = outputs.tunnels;
    const tunnels = west ? [{ ...west, probe: undefined }, ...rest] : [];
    expect(row("mtu west", { outputs: { ...outputs, tunnels } })?.result).toBe("unseen");
  });
});

test("a datagram is known by its port, or by its address where the port was rewritten", () => {
  const probe = from("outside", 500);
  const openbsd = "16:00:00.000000 198.51.100.11.45000 > 10.10.0.2.500: [|isakmp]";
  const linux = "16:00:00.000000 IP 198.51.100.11.1024 > 10.10.0.2.500: [|isakmp]";
  expect(arrival(probe, [linux, openbsd])?.arrived).toEqual({ host: "198.51.100.11", port: 45000 });
  expect(arrival(probe, [linux])?.arrived).toEqual({ host: "198.51.100.11", port: 1024 });
  expect(arrival({ ...probe, port: 4500 }, [linux, openbsd])).toBeUndefined();
});

test.each(["west", "root@-oProxyCommand=x", "-x@host", "root@host:port"])("--from %s", (text) => {
  expect(() => parseOutside(text)).toThrow(/USER@HOST/);
});

test("the table has the fix below what is wrong, and no colours where it is not seen", () => {
  const text = pathTable(
    rows({ firewall: told("--- udp-500\npresent\t", "--- udp-500\nmissing\tx") }),
    ["n"],
    {
      columns: 100,
      colours: false,
    },
  );
  expect(text).toMatch(
    /^udp-500 {3}wrong {3}the forward is missing: x\n +→ pulumi up puts it back$/m,
  );
  expect(text).toMatch(/^note: n$/m);
  expect(text).not.toContain("\u001b");
});
