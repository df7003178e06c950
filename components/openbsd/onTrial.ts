import type * as pulumi from "@pulumi/pulumi";
import { GWCTL } from "./gwctlScript";
import type { RemoteStep } from "./remoteStep";

/** How long a text may stay unconfirmed before the gateway takes it back, in seconds. */
const CONFIRM_SECONDS = 60;

/** Makes one step of the system: name, what it waits for, command line, standard input. */
export type MakeStep = (
  name: string,
  after: pulumi.Resource[],
  run: string,
  stdin: string,
) => RemoteStep;

/**
 * A text that could lock everybody out stays only if a new connection gets through it: `KIND` loads
 * it with a dead-man armed, `KIND-confirm` confirms it over its own connection. What was taken back
 * fails the run there, and the next run's `KIND-confirm` arms it once more; `KIND-settled`, again a
 * new connection, confirms that, or fails and arms nothing (docs/decisions/001).
 *
 * @returns the three steps; the last one ends when the text is settled.
 */
export function onTrial(
  kind: "pf" | "sshd",
  text: string,
  after: pulumi.Resource[],
  step: MakeStep,
): [RemoteStep, RemoteStep, RemoteStep] {
  const gwctl = `${GWCTL} ${kind}`;
  const load = step(kind, after, `${gwctl} load ${CONFIRM_SECONDS}`, text);
  const confirm = step(`${kind}-confirm`, [load], `${gwctl} confirm ${CONFIRM_SECONDS}`, text);
  return [load, confirm, step(`${kind}-settled`, [confirm], `${gwctl} settle`, text)];
}
