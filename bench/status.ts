import { parseGwctlLive } from "../parse/gwctlLive";
import type { StackOutputs } from "../contract/stackOutputs";
import { assess } from "../operate/status/assess";
import { statusTable } from "../operate/status/table";
import { declared, deployed } from "../test/unit/operate/support/deployed";
import { liveText } from "../test/unit/operate/support/liveText";
import { median, type Measurement } from "./report";
import { inLab } from "./run";

const COUNTS = [1, 50, 500];
/** What a look costs without a ping: the gateway's programs, each once. */
export const NO_PROBE = 0;

/** One look at the tunnels: what this program makes of the answer, and the whole of it in the lab. */
export async function looks(): Promise<Measurement[]> {
  const own = COUNTS.map((count) => ({
    name: `status, ${count} live tunnels: to read, judge and show the gateway's answer`,
    value: median(Array.from({ length: 5 }, () => judging(count))),
  }));
  const whole: Measurement[] = [];
  for (const count of [NO_PROBE, ...COUNTS]) {
    const { seconds, answered } = await oneLook(count);
    whole.push({
      name: `status, ${count} probes, ${answered} answered, in one SSH connection to the lab's gateway`,
      value: seconds,
      ...(count === Math.max(...COUNTS) && { target: "< 2 s on a processor of its own" }),
    });
  }
  return [...own, ...whole];
}

/** One look at the lab's gateway with so many pings, in seconds, and how many were answered. */
export async function oneLook(count: number): Promise<{ seconds: number; answered: number }> {
  const { stdout } = await inLab(`node --import tsx bench/oneStatus.ts ${count}`);
  return JSON.parse(stdout) as { seconds: number; answered: number };
}

function judging(count: number): number {
  const tunnels = Array.from({ length: count }, (_, index) =>
    declared(`t${index}`, 1, {
      peer: `203.0.${113 + (index >> 8)}.${index & 255}`,
      remote: [`10.${64 + (index >> 8)}.${index & 255}.0/24`],
      probe: {
        source: "10.10.0.2",
        target: `10.${64 + (index >> 8)}.${index & 255}.100`,
      },
    }),
  );
  const text = liveText({ tunnels: tunnels.map((tunnel) => ({ tunnel })) });
  const outputs: StackOutputs = { ...deployed, tunnels };
  const began = performance.now();
  const status = assess(outputs, parseGwctlLive(text), new Date());
  statusTable(status, { columns: 80, colours: false });
  const seconds = (performance.now() - began) / 1000;
  const proven = status.tunnels.filter(({ state }) => state === "proven").length;
  if (proven !== count) throw new Error(`${proven} of ${count} tunnels are proven`);
  return seconds;
}
