// sync.ts DIRECTORY SOCKETS STACK IDENTITY < outputs: makes every site's charon what the stack declares.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EVERYWHERE } from "../../config/exceptions";
import { askGateway } from "../network/gateway";
import { type Outputs, bareAddress, readOutputs } from "../network/outputs";
import { SITES, namespace, officeHostIn, siteOf } from "../network/sites";
import { ConnectionFiles } from "./connectionFiles";
import { type Connection, siteConnections } from "./swanctl";
import { type IkeSa, Swanctl } from "./swanctlClient";

// OpenIKED's first attempt comes two seconds after its start.
const GATEWAYS_TURN_MS = 4000;
const NEGOTIATION_MS = 10_000;
const POLL_MS = 250;
// iked ends the IKE SA that ours replaced 6 s later (3 × IKED_RETRANSMIT_TIMEOUT), and its flows with it.
const REPLACED_MS = 7000;

async function syncSite(
  site: string,
  connections: Connection[],
  stack: string,
  gatewayLooks: () => Promise<void>,
): Promise<void> {
  const directory = join(base, site);
  const swanctl = new Swanctl(directory, join(sockets, `${site}.vici`));
  const files = new ConnectionFiles(directory, stack, connections);
  const { changed, removed } = files;

  const outdated = new Set([...changed, ...removed]);
  const stale = (await swanctl.ikeSas()).filter(({ connection }) => outdated.has(connection));
  files.write();
  const loaded = await swanctl.connections();
  if (!files.areLoaded() || connections.some(({ name }) => !loaded.has(name))) {
    await swanctl.load();
    files.markLoaded();
  }
  // Last, as the gateway may answer a goodbye with a new negotiation, which has to find the new values.
  await terminate(swanctl, stale);

  const results = await bringUp(swanctl, connections, gatewayLooks);
  const notes = [
    ...changed.map((name) => `${name} changed`),
    ...removed.map((name) => `${name} removed`),
    ...results,
  ];
  console.log(`${site}: ${notes.length > 0 ? notes.join(", ") : "unchanged"}`);
}

// swanctl also fails when the gateway's goodbye came first, so the outcome counts.
async function terminate(swanctl: Swanctl, stale: readonly IkeSa[]): Promise<void> {
  await Promise.allSettled(stale.map(({ id }) => swanctl.terminate(id)));
  const left = new Set((await swanctl.ikeSas()).map(({ id }) => id));
  const alive = stale.filter(({ id }) => left.has(id));
  if (alive.length > 0) {
    throw new Error(`${alive.map(({ connection }) => connection).join(", ")} cannot be terminated`);
  }
}

// The gateway starts its tunnels itself. When both sides do, each may end the IKE SA that the other
// has begun: the tunnel is gone, or ends seconds after it came. So first it is the gateway's turn.
async function bringUp(
  swanctl: Swanctl,
  connections: readonly Connection[],
  gatewayLooks: () => Promise<void>,
): Promise<string[]> {
  const wanted = await notUp(swanctl, connections);
  let down = await waitForGateway(swanctl, wanted);
  if (down.some(({ gatewayRetriesNow }) => gatewayRetriesNow)) {
    // Attempts that came before we were ready are only repeated a minute later.
    await gatewayLooks();
    down = await waitForGateway(swanctl, down);
  }
  const came = wanted.filter((connection) => !down.includes(connection));
  return [
    ...came.map(({ name }) => `${name} up`),
    ...(await Promise.all(down.map((connection) => start(swanctl, connection)))),
  ];
}

/** Those that it did not bring up. */
async function waitForGateway(
  swanctl: Swanctl,
  connections: readonly Connection[],
): Promise<readonly Connection[]> {
  const turnEnds = Date.now() + GATEWAYS_TURN_MS;
  let patienceEnds = turnEnds + NEGOTIATION_MS;
  let down = connections;
  while (down.length > 0 && Date.now() < patienceEnds) {
    if (Date.now() >= turnEnds && !(await swanctl.negotiating())) break;
    await sleep(POLL_MS);
    const left = await notUp(swanctl, down);
    // As long as they come one after the other, the gateway is at it.
    if (left.length < down.length) patienceEnds = Date.now() + NEGOTIATION_MS;
    down = left;
  }
  return down;
}

async function notUp(
  swanctl: Swanctl,
  connections: readonly Connection[],
): Promise<readonly Connection[]> {
  const up = await swanctl.established();
  return connections.filter(({ name }) => !up.has(name));
}

async function start(swanctl: Swanctl, { name, children }: Connection): Promise<string> {
  try {
    for (const child of children) await swanctl.initiate(name, child);
    await sleep(REPLACED_MS);
    return `${name} started from here`;
  } catch {
    return `${name} waits for the gateway`;
  }
}

// The office's hosts reach a tunnel's networks through the gateway that carries it.
function routeOffice({ gateway, tunnels = [] }: Outputs): void {
  if (gateway === undefined) return;
  for (const tunnel of tunnels) {
    const office = officeHostIn(tunnel.local);
    const site = siteOf(tunnel);
    if (!tunnel.enabled || office === undefined || site === undefined) continue;
    // Of every address, those of the lab's own hosts that matter are routed where they are asked for.
    for (const network of tunnel.remote.map((one) => (one === EVERYWHERE ? site.lan : one))) {
      execFileSync("ip", [
        ...["-n", namespace(office.machine), "route", "replace", network],
        ...["via", bareAddress(gateway.address)],
      ]);
    }
  }
}

const [base = "", sockets = "", stack = "", identity = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const outputs = await readOutputs();
  routeOffice(outputs);
  const { gateway } = outputs;
  let look: Promise<unknown> | undefined;
  const gatewayLooks = async (): Promise<void> => {
    // iked is active already: it only looks for what is down now, instead of within a minute.
    if (gateway !== undefined) await (look ??= askGateway(gateway, identity, "ikectl active"));
  };
  await Promise.all(
    [...new Set(SITES.map(({ name }) => name))].map((name) => {
      const sites = SITES.filter((site) => site.name === name);
      const wanted = sites.flatMap((site) => siteConnections(site, stack, outputs));
      return syncSite(name, wanted, stack, gatewayLooks);
    }),
  );
}

main().catch((error: unknown) => {
  console.error(`lab: peers: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
