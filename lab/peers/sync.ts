// sync.ts DIRECTORY SOCKETS STACK < outputs: makes every site's charon what the stack declares.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Outputs, bareAddress, readOutputs } from "../network/outputs";
import { SITES, type Site, namespace } from "../network/sites";
import { type Connection, siteConnections } from "./swanctl";
import { Swanctl } from "./swanctlClient";

async function syncSite(site: Site, connections: Connection[], stack: string): Promise<void> {
  const directory = join(base, site.name);
  const files = join(directory, "conf.d");
  const swanctl = new Swanctl(directory, join(sockets, `${site.name}.vici`));
  const changed = writeFiles(files, connections);
  const removed = removeOthers(files, stack, connections);

  const before = await swanctl.established();
  const stale = [...changed, ...removed].filter((name) => before.has(name));
  await Promise.all(stale.map((name) => swanctl.terminate(name)));
  const loaded = await swanctl.connections();
  const missing = connections.filter(({ name }) => !loaded.has(name));
  if (changed.length + removed.length + missing.length > 0) await swanctl.load();

  const up = await swanctl.established();
  const down = connections.filter(({ name }) => !up.has(name));
  const results = await Promise.all(down.map((connection) => initiate(swanctl, connection)));
  const notes = [
    ...changed.map((name) => `${name} changed`),
    ...removed.map((name) => `${name} removed`),
    ...results,
  ];
  console.log(`${site.name}: ${notes.length > 0 ? notes.join(", ") : "unchanged"}`);
}

// A new tunnel would wait for the gateway's next attempt, up to a minute away. Where the gateway is
// not ready yet, that attempt is what brings the tunnel up.
async function initiate(swanctl: Swanctl, { name, children }: Connection): Promise<string> {
  try {
    for (const child of children) await swanctl.initiate(name, child);
    return `${name} up`;
  } catch {
    return `${name} waits for the gateway`;
  }
}

function writeFiles(directory: string, connections: readonly Connection[]): string[] {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return connections.flatMap(({ name, text }) => {
    const path = join(directory, `${name}.conf`);
    if (existsSync(path) && readFileSync(path, "utf8") === text) return [];
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return [name];
  });
}

function removeOthers(directory: string, stack: string, wanted: readonly Connection[]): string[] {
  const keep = new Set(wanted.map(({ name }) => name));
  const others = readdirSync(directory)
    .map((file) => file.replace(/\.conf$/, ""))
    .filter((name) => name.startsWith(`${stack}-`) && !keep.has(name));
  for (const name of others) rmSync(join(directory, `${name}.conf`));
  return others;
}

// The office's hosts reach a tunnel's networks through the gateway that carries it.
function routeOffice({ gateway, tunnels = [] }: Outputs): void {
  if (gateway === undefined) return;
  const remote = tunnels
    .filter((tunnel) => tunnel.enabled && SITES.some((site) => site.address === tunnel.peer))
    .flatMap((tunnel) => tunnel.remote);
  for (const network of remote) {
    execFileSync("ip", [
      ...["-n", namespace("lan"), "route", "replace", network],
      ...["via", bareAddress(gateway.address)],
    ]);
  }
}

const [base = "", sockets = "", stack = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const outputs = await readOutputs();
  routeOffice(outputs);
  await Promise.all(
    SITES.map((site) => syncSite(site, siteConnections(site, stack, outputs), stack)),
  );
}

main().catch((error: unknown) => {
  console.error(`lab: peers: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
