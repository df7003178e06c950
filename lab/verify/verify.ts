// verify.ts IDENTITY [--json] [--timeout SECONDS] < outputs: is every tunnel proven?
import { parseArgs } from "node:util";
import { askGateway } from "../network/gateway";
import { type Outputs, readOutputs } from "../network/outputs";
import { Capture } from "./capture";
import { outsideOf } from "./outside";
import { type Count, type Path, labPaths, newPattern, pingBothWays } from "./pings";
import { spisWith } from "./spis";

const PINGS = 5;
const PROGRESS_MS = 10_000;

interface Verdict extends Count {
  readonly name: string;
  readonly ikeVersion: 1 | 2;
  readonly spis: string[];
  /** Of all tunnels together: a leaked packet does not say whose it is. */
  readonly cleartextOutside: number;
  readonly proven: boolean;
}

async function verify(paths: Path[], outputs: Outputs, until: number): Promise<Verdict[]> {
  const pattern = newPattern();
  const capture = await Capture.start();
  try {
    // Already captured: a leak while the tunnels come up counts.
    await waitForTunnels(paths, pattern, until);
    const counts = await Promise.all(paths.map((path) => pingBothWays(path, PINGS, pattern)));
    const outside = outsideOf(await capture.stop(), [pattern]);
    const { gateway } = outputs;
    const state = gateway === undefined ? "" : await askGateway(gateway, identity, "gwctl state");
    return paths.map(({ tunnel, site }, index) => {
      const { sent, received } = counts[index] ?? { sent: 0, received: 0 };
      const answered = sent > 0 && received === sent;
      // Request and answer of every ping have to have crossed the outside link, encrypted.
      const crossed = outside.encrypted(site.address) >= 2 * received;
      return {
        name: tunnel.name,
        ikeVersion: tunnel.ikeVersion,
        spis: spisWith(site.address, state),
        sent,
        received,
        cleartextOutside: outside.cleartext.length,
        proven: answered && crossed && outside.cleartext.length === 0,
      };
    });
  } finally {
    capture.discard();
  }
}

async function waitForTunnels(paths: Path[], pattern: Buffer, until: number): Promise<void> {
  const waiting = new Set(paths.map(({ tunnel }) => tunnel.name));
  const report = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    console.error(`lab: waiting for ${[...waiting].join(", ")}, ${left} s left`);
  }, PROGRESS_MS);
  const wait = async (path: Path): Promise<void> => {
    let answered = false;
    while (!answered) {
      const { sent, received } = await pingBothWays(path, 1, pattern);
      answered = sent > 0 && received === sent;
      if (Date.now() >= until) return;
    }
    waiting.delete(path.tunnel.name);
  };
  try {
    await Promise.all(paths.map(wait));
  } finally {
    clearInterval(report);
  }
}

function sentence({ name, ikeVersion, sent, received, cleartextOutside, proven }: Verdict): string {
  return (
    `lab: tunnel ${name}: ${proven ? "proven" : "NOT proven"}, IKEv${ikeVersion}, ` +
    `${received} of ${sent} pings answered, ${cleartextOutside} packets in clear outside`
  );
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, timeout: { type: "string", default: "180" } },
});
const identity = positionals[0] ?? "";

async function main(): Promise<number> {
  const outputs = await readOutputs();
  const paths = labPaths(outputs.tunnels ?? []);
  if (paths.length === 0) {
    console.error(
      "lab: the stack has no enabled tunnel between hosts of the lab: nothing to prove",
    );
    return 2;
  }
  const seconds = Number(values.timeout);
  if (!(seconds >= 0)) throw new Error(`--timeout ${values.timeout}: not a number of seconds`);
  const tunnels = await verify(paths, outputs, Date.now() + seconds * 1000);
  if (values.json === true) console.log(JSON.stringify({ tunnels }));
  else
    tunnels.forEach((tunnel) => {
      console.log(sentence(tunnel));
    });
  return tunnels.every(({ proven }) => proven) ? 0 : 1;
}

main().then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    console.error(`lab: verify: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
