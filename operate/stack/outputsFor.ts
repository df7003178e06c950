import type { Io } from "../command";
import { patiently } from "../patience";
import type { StackOutputs } from "../../contract/stackOutputs";
import { readOutputs } from "./outputs";

/** What the stack declares, for somebody who waits: on a busy machine Pulumi takes a while to tell. */
export function outputsFor(io: Io, stack: string | undefined): Promise<StackOutputs> {
  return patiently(io, READING, readOutputs({ stack, signal: io.signal }));
}

export const READING = "reading what the stack declares";
