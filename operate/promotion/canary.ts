import { askUntil } from "../askUntil";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Refusal, type Io } from "../command";
import { diagnosticsOf } from "../stack/diagnostics";
import { readOutputs } from "../stack/outputs";
import { pulumi, type StackSelection } from "../stack/pulumi";
import { exportState } from "../stack/state";
import type { TunnelStatus } from "../../contract/documents/status";
import { removeNote, writeNote } from "./canaryNote";
import { queryTunnel } from "./queryTunnel";
import { lossText, type Watched, watched, worse } from "./loss";
import { PATIENCE_SECONDS, watchAgain } from "./provenAgain";
import { type Change, whyNot } from "./ownResources";
import { putBack } from "./putBack";

const POLL_MS = 2000;
/** Looks before the change that its loss is held against. */
const BASELINE_LOOKS = 5;

const plan = z.object({
  steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]),
});

export interface CanaryOptions {
  readonly stack: string;
  readonly tunnel: string;
  /** How long it has to stay proven. */
  readonly seconds: number;
  /** How long it may take to negotiate anew without counting as broken. */
  readonly graceSeconds: number;
  readonly io: Io;
}

/**
 * Changes one tunnel of a stack, watches it, and puts it back if it does not stay proven or loses
 * more than before. The rest of the stack is not touched.
 *
 * @returns what was seen, in words
 * @throws Refusal if the tunnel would not change, is not proven before, or did not hold
 */
export async function canary(options: CanaryOptions): Promise<string> {
  const { stack, tunnel, io } = options;
  const selection = { stack, signal: io.signal };
  const urns = await changesOf(tunnel, selection);
  const before = await baseline(options);
  let deed: Change = { tunnel, urns, before: await exportState(selection) };
  await note(stack, deed);
  let failure: string | undefined;
  try {
    failure = await change(options, urns);
    // Also where this run is being interrupted.
    deed = { ...deed, after: await exportState({ stack, signal: new AbortController().signal }) };
    await note(stack, deed);
    failure ??= await watch(options, before);
  } catch (error) {
    const again = await undo(options, deed, error instanceof Error ? error.message : String(error));
    if (io.signal.aborted) io.err(`promote: ${tunnel} is put back ${again}\n`);
    throw error;
  }
  if (failure === undefined) {
    await removeNote(stack);
    return `stays proven, ${lossText(before)} before the change`;
  }
  const again = await undo(options, deed, failure);
  throw new Refusal(
    `${tunnel}: ${failure}: it is put back ${again}, nothing else was changed: ` +
      `./scripts/gateway why ${tunnel} --stack ${stack} says what was wrong if you try again`,
  );
}

const note = (stack: string, { tunnel, urns, before, after }: Change): Promise<void> =>
  writeNote(stack, { tunnel, urns: [...urns], sealed: before, after });

/** The resources of the tunnel that an update would touch. */
async function changesOf(name: string, selection: StackSelection): Promise<string[]> {
  const { tunnels } = await readOutputs(selection);
  if (!tunnels.some((tunnel) => tunnel.name === name)) {
    throw new Refusal(
      `${name}: stack ${selection.stack ?? ""} has no such tunnel yet: a canary is one that changes`,
    );
  }
  const { status, stdout, stderr } = await pulumi(
    ["preview", "--json", "--non-interactive"],
    selection,
  );
  if (status !== 0) throw new Refusal(`the preview fails: ${diagnosticsOf("", stderr)}`);
  const urns = changedTunnel(name, stdout);
  if (urns.length === 0) throw new Refusal(`${name}: would not change: choose one that does`);
  return urns;
}

/** @param json of a preview */
export function changedTunnel(name: string, json: string): string[] {
  const mine = new RegExp(`openbsd:Tunnel(\\$[^:]+:[^:]+:[^:]+)?::${name}(-psk)?$`);
  const urns = plan
    .parse(JSON.parse(json))
    .steps.filter(({ op, urn }) => op !== "same" && mine.test(urn))
    .map(({ urn }) => urn);
  return [...new Set(urns)];
}

async function baseline({ stack, tunnel, io: { signal } }: CanaryOptions): Promise<Watched> {
  const outputs = await readOutputs({ stack, signal });
  const looks: TunnelStatus[] = [];
  while (looks.length < BASELINE_LOOKS) {
    const seen = await queryTunnel(outputs, tunnel, signal);
    if (seen.state !== "proven") {
      throw new Refusal(`${tunnel}: is ${seen.state} now, so it cannot show what the change does`);
    }
    looks.push(seen);
    await sleep(POLL_MS, undefined, { signal });
  }
  return watched(looks);
}

/** @returns why it has to be taken back */
async function change(
  { stack, io }: CanaryOptions,
  urns: readonly string[],
): Promise<string | undefined> {
  const targets = urns.flatMap((urn) => ["--target", urn]);
  const { status, stdout, stderr } = await pulumi(
    ["up", "--yes", "--skip-preview", "--non-interactive", ...targets],
    { stack, signal: io.signal },
  );
  return status === 0
    ? undefined
    : `its change cannot be applied (${diagnosticsOf(stdout, stderr)})`;
}

async function watch(options: CanaryOptions, before: Watched): Promise<string | undefined> {
  const { stack, tunnel, seconds, graceSeconds, io } = options;
  const { signal } = io;
  const outputs = await readOutputs({ stack, signal });
  const first = await askUntil(
    () => queryTunnel(outputs, tunnel, signal),
    ({ state }) => state === "proven",
    { milliseconds: graceSeconds * 1000, every: POLL_MS, signal },
  );
  if (first.state !== "proven") return `not proven within ${graceSeconds} s of the change`;
  const looks: TunnelStatus[] = [];
  for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
    await sleep(POLL_MS, undefined, { signal });
    looks.push(await queryTunnel(outputs, tunnel, signal));
  }
  const after = watched(looks);
  io.err(
    `promote: canary ${tunnel}: ${after.looks} looks, ${after.unproven} of them not proven, ` +
      `${lossText(after)}, ${lossText(before)} before\n`,
  );
  return worse(before, after);
}

/** Also when this run is being interrupted: the gateway must not be left with what nobody watched. */
async function undo(
  { stack, tunnel, graceSeconds, io }: CanaryOptions,
  deed: Change,
  failure: string,
): Promise<string> {
  const { signal } = new AbortController();
  try {
    await putBack({ stack, signal }, deed);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // What the next run could not put back either needs no note.
    const now = await exportState({ stack, signal });
    if (whyNot(deed, now) !== undefined) await removeNote(stack);
    const refusal = new Refusal(`${tunnel}: ${failure}: it is not put back: ${error.message}`);
    // Of an interrupted command nothing else is printed.
    if (io.signal.aborted) io.err(`promote: ${refusal.message}\n`);
    throw refusal;
  }
  await removeNote(stack);
  return watchAgain({ stack, signal }, tunnel, Math.max(graceSeconds, PATIENCE_SECONDS));
}
