import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Refusal, type Io } from "../command";
import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import { readOutputs } from "../stack/outputs";
import { pulumi } from "../stack/pulumi";
import { look } from "../status/look";

/** Looks after the change before it counts as good, and how far apart. */
const POLL_MS = 2000;
/** A changed tunnel negotiates anew: this long it may be down without counting as broken. */
const GRACE_MS = 60_000;

const plan = z.object({
  steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]),
});
const exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        inputs: z
          .object({ create: z.unknown(), update: z.unknown(), stdin: z.unknown() })
          .partial()
          .optional(),
      }),
    ),
  }),
});

/**
 * Changes one tunnel of a stack, watches it, and puts it back if it does not stay proven. The rest
 * of the stack is not touched.
 *
 * @param seconds how long it has to stay proven
 * @throws Refusal if the tunnel would not change, is not proven before, or did not hold
 */
export async function canary(stack: string, name: string, seconds: number, io: Io): Promise<void> {
  const selection = { stack, signal: io.signal };
  const before = await readOutputs(selection);
  if (!before.tunnels.some((tunnel) => tunnel.name === name)) {
    throw new Refusal(
      `${name}: stack ${stack} has no such tunnel yet: a canary is one that changes`,
    );
  }
  const urns = await changesOf(name, stack, io);
  if (urns.length === 0) throw new Refusal(`${name}: would not change: choose one that does`);
  if ((await stateOf(name, stack, io)) !== "proven") {
    throw new Refusal(`${name}: is not proven now, so it cannot show what the change does`);
  }

  // Held in memory only: the second one has the secrets in it.
  const kept = await exportOf(stack, [], io);
  const plain = await exportOf(stack, ["--show-secrets"], io);
  const targets = urns.flatMap((urn) => ["--target", urn]);
  const up = await pulumi(
    ["up", "--yes", "--skip-preview", "--non-interactive", ...targets],
    selection,
  );
  const failure =
    up.status === 0 ? await watch(name, stack, seconds, io) : "its change could not be applied";
  if (failure === undefined) return;
  await restore(stack, urns, kept, plain, io);
  throw new Refusal(`${name}: ${failure}: the tunnel is put back, nothing else was changed`);
}

/** The resources of the tunnel that an update would touch. */
async function changesOf(name: string, stack: string, io: Io): Promise<string[]> {
  const { status, stdout, stderr } = await pulumi(["preview", "--json", "--non-interactive"], {
    stack,
    signal: io.signal,
  });
  if (status !== 0) throw new Refusal(`the preview fails: ${stderr.trim().slice(-500)}`);
  const mine = new RegExp(`Tunnel(\\$[^:]+)*\\$?[^$]*::${name}(-psk)?$`);
  return plan
    .parse(JSON.parse(stdout))
    .steps.filter(({ op, urn }) => op !== "same" && mine.test(urn))
    .map(({ urn }) => urn);
}

async function watch(
  name: string,
  stack: string,
  seconds: number,
  io: Io,
): Promise<string | undefined> {
  const grace = Date.now() + GRACE_MS;
  while ((await stateOf(name, stack, io)) !== "proven") {
    if (Date.now() >= grace) return `not proven within ${GRACE_MS / 1000} s of the change`;
    await sleep(POLL_MS, undefined, { signal: io.signal });
  }
  const until = Date.now() + seconds * 1000;
  let [looks, lost] = [0, 0];
  while (Date.now() < until) {
    await sleep(POLL_MS, undefined, { signal: io.signal });
    looks += 1;
    if ((await stateOf(name, stack, io)) !== "proven") lost += 1;
  }
  io.err(`promote: canary ${name}: ${looks} looks, ${lost} of them not proven\n`);
  return lost === 0 ? undefined : `was not proven in ${lost} of ${looks} looks after the change`;
}

async function stateOf(name: string, stack: string, io: Io): Promise<string> {
  const outputs = await readOutputs({ stack, signal: io.signal });
  const { tunnels } = await look(outputs, { probe: true, signal: io.signal });
  return tunnels.find((tunnel) => tunnel.name === name)?.state ?? "unknown";
}

async function exportOf(stack: string, more: readonly string[], io: Io): Promise<string> {
  const { status, stdout, stderr } = await pulumi(["stack", "export", ...more], {
    stack,
    signal: io.signal,
  });
  if (status !== 0) throw new Refusal(`the stack cannot be exported: ${stderr.trim()}`);
  return stdout;
}

/** The tunnel's old text on the gateway again, and the state that knows it. */
async function restore(
  stack: string,
  urns: readonly string[],
  kept: string,
  plain: string,
  io: Io,
): Promise<void> {
  const { gateway } = await readOutputs({ stack, signal: io.signal });
  for (const { urn, inputs } of exported.parse(JSON.parse(plain)).deployment.resources) {
    if (!urns.includes(urn) || inputs?.stdin === undefined) continue;
    const command = text(inputs.update ?? inputs.create);
    const { status, stderr } = await runRemote(gatewayTarget(gateway), command, {
      input: text(inputs.stdin),
      signal: io.signal,
    });
    if (status !== 0) {
      throw new Refusal(`the tunnel cannot be put back (${stderr.trim()}): run pulumi up again`);
    }
  }
  const { status, stderr } = await pulumi(["stack", "import"], { stack, signal: io.signal }, kept);
  if (status !== 0) throw new Refusal(`the state cannot be put back: ${stderr.trim()}`);
}

/** An input as an export with --show-secrets has it: plain, or wrapped with its JSON in it. */
function text(input: unknown): string {
  if (typeof input === "string") return input;
  const secret = z.object({ plaintext: z.string() }).parse(input);
  return z.string().parse(JSON.parse(secret.plaintext));
}
