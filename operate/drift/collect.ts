import { Refusal } from "../command";
import type { Drift, DriftSource } from "./finding";

/** What all places told together. */
export interface CollectedDrift extends Drift {
  /** Why a place could not tell. */
  readonly unknown: readonly string[];
}

/** Looks at all places at once; one that cannot tell hides nothing of the others. */
export async function collectDrift(sources: readonly DriftSource[]): Promise<CollectedDrift> {
  const told = await Promise.all(sources.map(answerOf));
  const known = told.filter((one) => typeof one !== "string");
  return {
    findings: known.flatMap(({ findings }) => findings),
    notes: known.flatMap(({ notes }) => notes),
    unknown: told.filter((one) => typeof one === "string"),
  };
}

async function answerOf(source: DriftSource): Promise<Drift | string> {
  try {
    return await source();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
}
