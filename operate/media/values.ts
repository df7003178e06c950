import { type MediumValues, mediumValues } from "../../contract/media";
import { parseJsonValues } from "../jsonValues";

/** @throws Refusal naming everything that is wrong. */
export function parseValues(json: string, origin: string): MediumValues {
  return parseJsonValues(json, origin, () => mediumValues);
}
