import { Refusal } from "../command";
import type { Drift, DriftSource } from "./finding";

/** Compares all machines at once; one that gives no answer hides nothing of the others. */
export async function collectDrift(sources: readonly DriftSource[]): Promise<Drift> {
  const all = await Promise.all(sources.map(answerOf));
  return {
    findings: all.flatMap(({ findings }) => findings),
    notes: all.flatMap(({ notes }) => notes),
    unknown: all.flatMap(({ unknown }) => unknown),
  };
}

async function answerOf(source: DriftSource): Promise<Drift> {
  try {
    return await source();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { findings: [], notes: [], unknown: [error.message] };
  }
}
