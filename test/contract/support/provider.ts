// Driving a stand-in plugin's resource types as the engine does, without the wire.
import { Provider } from "../../../lab/toolchain/providers/core/provider";
import type { Context } from "../../../lab/toolchain/providers/core/resourceType";
import { commandTypes } from "../../../lab/toolchain/providers/command/types";
import { randomTypes } from "../../../lab/toolchain/providers/random/types";

export const commandProvider = new Provider("command", "1.2.1", commandTypes);
export const randomProvider = new Provider("random", "4.21.2", randomTypes);

/** A context that records what the user would see. */
export function recording(signal: AbortSignal = new AbortController().signal) {
  const lines: string[] = [];
  const warnings: string[] = [];
  const context: Context = {
    signal,
    log: (line) => void lines.push(line),
    warn: (line) => void warnings.push(line),
  };
  return { context, lines, warnings };
}
