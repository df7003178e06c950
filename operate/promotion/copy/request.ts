import type { z } from "zod";
import {
  type CopyRequest,
  copyRequest,
  type KeptRequest,
  keptRequest,
} from "../../../contract/adopt";
import { parseJsonValues } from "../../jsonValues";

/** @throws Refusal naming everything that is wrong. */
export function parseRequest(json: string, origin: string): CopyRequest | KeptRequest {
  return parseJsonValues<z.ZodType<CopyRequest | KeptRequest>>(json, origin, (data) =>
    typeof data === "object" && data !== null && "from" in data ? copyRequest : keptRequest,
  );
}
