// leaks.ts TUNNEL [--json] < outputs: does anything leave in clear while this tunnel is down?
import { parseArgs } from "node:util";
import { readOutputs } from "../network/outputs";
import { Capture } from "./capture";
import { outsideOf } from "./outside";
import { type Path, labPaths, newPattern, pingBothWays } from "./pings";

const PINGS = 5;

async function leaks(
  path: Path,
): Promise<Record<"sent" | "received" | "cleartextOutside", number>> {
  const pattern = newPattern();
  const capture = await Capture.start();
  try {
    const count = await pingBothWays(path, PINGS, pattern);
    return {
      ...count,
      cleartextOutside: outsideOf(await capture.stop(), [pattern]).cleartext.length,
    };
  } finally {
    capture.discard();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" } },
  });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new Error("usage: leaks TUNNEL [--json]");
  const { tunnels = [] } = await readOutputs();
  // One that is declared as disabled is down as well as any.
  const enabled = tunnels.map((tunnel) => ({ ...tunnel, enabled: true }));
  const path = labPaths(enabled).find(({ tunnel }) => tunnel.name === name);
  if (path === undefined) throw new Error(`no tunnel ${name} between hosts of the lab`);
  const result = await leaks(path);
  if (values.json === true) console.log(JSON.stringify({ tunnel: name, ...result }));
  else {
    const { sent, received, cleartextOutside } = result;
    console.log(
      `lab: tunnel ${name}: ${sent} pings, ${received} answered, ` +
        `${cleartextOutside} packets in clear outside`,
    );
  }
  if (result.cleartextOutside > 0) return 1;
  if (result.received === 0) return 0;
  throw new Error(`tunnel ${name} carries packets: take it down first`);
}

main().then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    console.error(`lab: leaks: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
