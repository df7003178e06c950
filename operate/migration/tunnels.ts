import type { During } from "../../contract/documents/operate";
import { setTimeout as sleep } from "node:timers/promises";
import { askUntil } from "../askUntil";
import type { StackOutputs } from "../../contract/stackOutputs";
import { queryStatus } from "../status/query";

const POLL_MS = 2000;

/** Names of the tunnels that are proven now. */
export async function provenNow(outputs: StackOutputs, signal: AbortSignal): Promise<string[]> {
  const { tunnels } = await queryStatus(outputs, { probe: true, signal });
  return tunnels.filter(({ state }) => state === "proven").map(({ name }) => name);
}

/** @returns those of the wanted that are not proven when the time is over; empty as soon as all are */
export async function missingWithin(
  outputs: StackOutputs,
  wanted: readonly string[],
  milliseconds: number,
  signal: AbortSignal,
): Promise<string[]> {
  return askUntil(
    async () => {
      const proven = new Set(await provenNow(outputs, signal));
      return wanted.filter((name) => !proven.has(name));
    },
    (missing) => missing.length === 0,
    { milliseconds, every: POLL_MS, signal },
  );
}

/** Looks again and again until it is stopped. */
export function watchTunnels(
  outputs: StackOutputs,
  wanted: readonly string[],
  signal: AbortSignal,
): { readonly stop: () => Promise<During> } {
  const ended = new AbortController();
  let [looks, unproven] = [0, 0];
  const watching = (async () => {
    while (!ended.signal.aborted && !signal.aborted) {
      const proven = new Set(await provenNow(outputs, signal));
      looks += 1;
      if (!wanted.every((name) => proven.has(name))) unproven += 1;
      await sleep(POLL_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })().catch(() => undefined);
  return {
    stop: async () => {
      ended.abort();
      await watching;
      return { looks, unproven };
    },
  };
}
