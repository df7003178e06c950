import { type InstallPlan, installPlan } from "../../contract/install";
import { parseJsonValues } from "../jsonValues";

/** @throws Refusal naming everything that is wrong. */
export function parsePlan(json: string, origin: string): InstallPlan {
  return parseJsonValues(json, origin, () => installPlan);
}
