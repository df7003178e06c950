import * as pulumi from "@pulumi/pulumi";
import { GWCTL } from "./gwctlScript";
import type { RemoteStep } from "./remoteStep";

/** How long a text may stay unconfirmed before the gateway takes it back, in seconds. */
export const CONFIRM_SECONDS = 60;

/** Makes one step of the system: name, what it waits for, command line, standard input, see RemoteStep. */
export type MakeStep = (
  name: string,
  after: pulumi.Resource[],
  run: string,
  stdin: string,
  again?: pulumi.Input<string>,
) => RemoteStep;

/**
 * A text that could lock everybody out stays only if a new connection gets through it: `KIND` loads
 * it with a dead-man armed, `KIND-confirm` confirms it over its own connection. What was taken back
 * fails the run there, and the next run's `KIND-confirm` arms it once more; `KIND-settled`, again a
 * new connection, confirms that, or fails and arms nothing (docs/decisions/001).
 * The text alone does not say that there is something to confirm: after a trial that failed, the
 * declaration may go back to what was confirmed before it, and loading that turns on what was off.
 *
 * @returns the three steps; the last one ends when the text is settled.
 */
export function onTrial(
  kind: "pf" | "pfuser" | "sshd",
  text: string,
  after: pulumi.Resource[],
  step: MakeStep,
): [RemoteStep, RemoteStep, RemoteStep] {
  const gwctl = `${GWCTL} ${kind}`;
  const load = step(kind, after, `${gwctl} load ${CONFIRM_SECONDS}`, text);
  const confirm = step(
    `${kind}-confirm`,
    [load],
    `${gwctl} confirm ${CONFIRM_SECONDS}`,
    text,
    trials(load),
  );
  const settled = step(
    `${kind}-settled`,
    [confirm],
    `${gwctl} settle`,
    text,
    trials(load, confirm),
  );
  return [load, confirm, settled];
}

/** The trials that these steps began when they last ran. */
function trials(...steps: readonly RemoteStep[]): pulumi.Output<string> {
  return pulumi.all(steps.map(({ stdout }) => pulumi.unsecret(stdout))).apply((said) => {
    const began = said.flatMap((text) => /\btrial (\d+\.\d+)/.exec(text)?.[1] ?? []);
    return ["trial", ...began].join(" ");
  });
}
