import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../command";
import { runRemote } from "../ssh/connection";
import { gatewayTarget } from "../ssh/target";
import type { StackOutputs } from "../../contract/stackOutputs";
import { readOutputs } from "../stack/outputs";
import type { StackSelection } from "../stack/pulumi";
import type { TunnelState } from "../../contract/documents/status";
import { queryTunnel } from "./queryTunnel";

/** Twice the minute after which iked tries again by itself. */
export const PATIENCE_SECONDS = 120;
/** What is down for so long has nothing under way: iked starts two seconds after it has read a text. */
const IDLE_MS = 10_000;
const POLL_MS = 1000;

/** How a tunnel is seen, and got to negotiate; time in milliseconds. */
export interface Sight {
  readonly state: () => Promise<TunnelState>;
  /** Asks the gateway to negotiate now. */
  readonly negotiate: () => Promise<unknown>;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/**
 * Watches a tunnel whose old text was just loaded again until it is proven. One that stays down is asked
 * to negotiate anew: its peer may have been at the new values, or silent, when it tried.
 *
 * @returns what became of it, to be read after "it is put back"
 */
export async function provenAgain(sight: Sight, patienceSeconds: number): Promise<string> {
  const began = sight.now();
  let idleSince = began;
  for (;;) {
    const state = await sight.state();
    const now = sight.now();
    const seconds = Math.round((now - began) / 1000);
    if (state === "proven") return `and proven again after ${seconds} s`;
    if (now - began >= patienceSeconds * 1000) return `but still ${state} after ${seconds} s`;
    if (state !== "down") idleSince = now;
    if (now - idleSince >= IDLE_MS) {
      await sight.negotiate();
      idleSince = now;
    }
    await sight.pause(POLL_MS);
  }
}

/** The same of a tunnel of a stack, on its gateway. */
export async function watchAgain(
  selection: StackSelection,
  tunnel: string,
  patienceSeconds = PATIENCE_SECONDS,
): Promise<string> {
  const outputs = await readOutputs(selection);
  const { signal } = selection;
  return provenAgain(
    {
      state: async () => (await queryTunnel(outputs, tunnel, signal)).state,
      negotiate: () => negotiate(outputs, tunnel, signal),
      now: Date.now,
      pause: (ms) => sleep(ms, undefined, { signal }),
    },
    patienceSeconds,
  );
}

async function negotiate(
  { gateway }: StackOutputs,
  tunnel: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await runRemote(gatewayTarget(gateway), `gwctl tunnel restart ${tunnel}`, { signal });
  } catch (error) {
    // The next look finds out whether the gateway still answers.
    if (!(error instanceof Refusal)) throw error;
  }
}
