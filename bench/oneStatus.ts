// look.ts COUNT: on the lab's workstation, one look with so many probes through the gateway's tunnels.
import { gatewayTarget } from "../operate/ssh/target";
import { readOutputs } from "../operate/stack/outputs";
import { askGateway } from "../operate/status/live";

async function main(count: number): Promise<void> {
  const { signal } = new AbortController();
  const { gateway, tunnels } = await readOutputs({ stack: "test", signal });
  const probed = tunnels.filter(({ probe }) => probe !== undefined);
  const many = Array.from({ length: count }, (_, index) => ({
    ...(probed[index % probed.length] ?? fail()),
    name: `t${index}`,
  }));
  const began = performance.now();
  const { probes } = await askGateway(gatewayTarget(gateway), many, { probe: true, signal });
  const seconds = (performance.now() - began) / 1000;
  const answered = probes.filter(({ received }) => received > 0).length;
  process.stdout.write(`${JSON.stringify({ seconds, answered })}\n`);
}

function fail(): never {
  throw new Error("stack test has no tunnel with a probe");
}

main(Number(process.argv[2])).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
