import type { Io } from "../command";
import { patiently } from "../patience";
import type { StackOutputs } from "../../contract/stackOutputs";
import { readOutputs } from "./outputs";

/** What the stack declares. Says that it waits, as Pulumi takes several seconds on a busy machine. */
export function outputsFor(io: Io, stack: string | undefined): Promise<StackOutputs> {
  return patiently(io, READING, readOutputs({ stack, signal: io.signal }));
}

export const READING = "reading what the stack declares";
