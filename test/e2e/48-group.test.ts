import type { ChildProcess } from "node:child_process";
import { Capture } from "../../lab/verify/capture";
import { outputOn, spawnOn } from "../../lab/verify/namespaces";
import { outsideOf } from "../../lab/verify/outside";
import { newPattern } from "../../lab/verify/pings";
import { askUntil } from "../../operate/askUntil";
import { lab, onGateway } from "./support/lab";
import { gatewayStatus, stateOf, statusWithin } from "./support/operator";
import { ownStack, upOk } from "./support/ownStack";
import { powerCut } from "./support/powerCut";
import { editStack } from "./support/stackFile";

/** A network that is behind both sites, where its one host says which of them it is reached through. */
const NETWORK = "10.20.200.0/24";
const HOST = "10.20.200.100";
const PORT = 7000;
const SITES = ["west", "east"] as const;
const PATIENCE_MS = 180_000;

const end = (unit: number) => ({
  kind: "route",
  sec: { unit, address: `169.254.1${unit}.2/30`, peerAddress: `169.254.1${unit}.1` },
  probe: { source: `169.254.1${unit}.2`, target: `169.254.1${unit}.1` },
  remote: [NETWORK],
  group: { name: "cloud", priority: unit + 1 },
});

const on = (machine: string, command: string) =>
  outputOn(machine, ["bash", "-c", `{ ${command}; } 2>&1`]);

/** Which site answers the office's host; nothing: none. */
async function answering(): Promise<string> {
  const command = `exec 3<>/dev/tcp/${HOST}/${PORT} && cat <&3`;
  return (await outputOn("lan", ["timeout", "3", "bash", "-c", command])).trim();
}

async function answeredBy(site: string): Promise<void> {
  const is = await askUntil(answering, (now) => now === site, {
    ...{ milliseconds: PATIENCE_MS, every: 300 },
  });
  expect(is).toBe(site);
}

/** The site's machine throws away what comes of IKE and ESP, and says nothing. */
const silence = (site: string) =>
  on(
    site,
    "nft 'add table inet silence' && nft 'add chain inet silence in { type filter hook input priority -300; }'" +
      " && nft 'add rule inet silence in udp dport { 500, 4500 } drop'",
  );
const speak = (site: string) => on(site, "nft delete table inet silence");

/** The SAs with a site, of which `lab verify` knows no host. */
async function sasWith(site: (typeof SITES)[number]): Promise<string[]> {
  const address = { west: "198.51.100.11", east: "198.51.100.12" }[site];
  const { stdout } = await onGateway("ipsecctl -s sa");
  return stdout.split("\n").filter((line) => line.includes(` ${address} `));
}

const groupsOf = async () =>
  Object.fromEntries(
    (await gatewayStatus()).tunnels.map(({ name, group }) => [
      name,
      group && { carries: group.carries, routed: group.routed },
    ]),
  );

// OpenIKED 7.2, which the stand-in has, knows no sec(4).
describe("with isakmpd, two tunnels to the same networks", () => {
  ownStack();
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    for (const [unit, site] of SITES.entries()) {
      await on(site, `ip addr add 169.254.1${unit}.1/32 dev lo`);
      await on(site, `ip route replace ${NETWORK} via 10.20.${unit + 1}.100`);
      await on(`${site}-lan`, `ip addr add ${HOST}/32 dev lo`);
      const server = `require("net").createServer((s) => s.end("${site}\\n")).listen(${PORT})`;
      servers.push(spawnOn(`${site}-lan`, ["node", "-e", server], { stdio: "ignore" }));
    }
    editStack((values) => {
      values.set("ike.daemon", "isakmpd");
      for (const unit of SITES.keys()) {
        for (const [key, value] of Object.entries(end(unit))) {
          values.set(`tunnels.${unit}.${key}`, value);
        }
      }
    });
    await upOk();
  });

  afterAll(async () => {
    for (const server of servers) server.kill();
    for (const [unit, site] of SITES.entries()) {
      await speak(site);
      await on(site, `ip addr del 169.254.1${unit}.1/32 dev lo`);
      await on(site, `ip route del ${NETWORK}`);
      await on(`${site}-lan`, `ip addr del ${HOST}/32 dev lo`);
    }
  });

  it("are both proven, and the first one carries", async () => {
    for (const site of SITES) {
      expect(stateOf(await statusWithin(120, site, ["proven"]), site)).toBe("proven");
    }
    await answeredBy("west");
    // A tunnel that is new beside another one has no routes before it has answered for a while.
    const groups = await askUntil(groupsOf, ({ east }) => east?.routed === true, {
      ...{ milliseconds: PATIENCE_MS, every: 1000 },
    });
    expect(groups).toEqual({
      west: { carries: true, routed: true },
      east: { carries: false, routed: true },
    });
    const { stdout } = await onGateway("netstat -rn");
    expect(stdout).toMatch(/^10\.20\.200\/24 +169\.254\.10\.1 +UGS .* 8 sec0 *$/m);
    expect(stdout).toMatch(/^10\.20\.200\/24 +169\.254\.11\.1 +UGS .* 9 sec1 *$/m);
  });

  it("of which the second one carries when the first is silent, whatever its SAs, and nothing leaves in clear", async () => {
    const sas = await sasWith("west");
    expect(sas).toHaveLength(2);
    const pattern = newPattern();
    const capture = await Capture.start();
    const ping = ["ping", "-n", "-i", "0.2", "-p", pattern.toString("hex"), HOST];
    const pings = spawnOn("lan", ping, { stdio: "ignore" });
    try {
      await answeredBy("west");
      await silence("west");
      await answeredBy("east");
      expect(await sasWith("west")).toEqual(sas);
      expect(outsideOf(await capture.stop(), [pattern]).cleartext).toEqual([]);
    } finally {
      pings.kill();
      capture.discard();
    }
    expect(await groupsOf()).toEqual({
      west: { carries: false, routed: false },
      east: { carries: true, routed: true },
    });
  });

  it("of which neither differs from what is declared for that", async () => {
    const { tunnels } = await gatewayStatus();
    expect(tunnels.flatMap(({ differs }) => differs)).toEqual([]);
    const { code, output } = await lab("gateway", "drift");
    expect({ code, output }).toMatchObject({ code: 0 });
  });

  it("keep who carries over a reboot, and the first one carries again once it is proven", async () => {
    await powerCut();
    await answeredBy("east");
    await speak("west");
    await answeredBy("west");
    expect(await groupsOf()).toMatchObject({ west: { carries: true }, east: { routed: true } });
  });

  it("of which one is taken down by hand, and the other one carries, with its SAs", async () => {
    const sas = await sasWith("east");
    expect((await onGateway("gwctl tunnel down west")).code).toBe(0);
    await answeredBy("east");
    expect(await sasWith("east")).toEqual(sas);
    expect((await onGateway("gwctl tunnel up west")).code).toBe(0);
    await answeredBy("west");
  });
});
