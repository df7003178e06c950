import { ConsoleLost, GuestStopped } from "./attachment";
import type { Clock } from "./clock";
import type { DomainType } from "../../contract/libvirt";
import type { Phase, Refusal, Step } from "./dialogue";
import { FatalLine, NoAnswer, type Answer, type Expect } from "./expect";
import type { Progress } from "./progress";

/** A step that did not end as it should. `message` says all: where, what, the screen, what to do. */
export class StepFailed extends Error {
  constructor(
    readonly step: string,
    readonly what: string,
    readonly fix: string,
    readonly screen: readonly string[],
    cause?: unknown,
  ) {
    const shown = screen.length > 0 ? screen.map((line) => `  | ${line}`) : ["  | (nothing)"];
    super(
      [`step "${step}": ${what}`, "the last screen:", ...shown, `what to do: ${fix}`].join("\n"),
      { cause },
    );
  }
}

const KEEP_THE_CONSOLE =
  "leave the console to this program while it installs, check the connection to the hypervisor, and run again";

export interface ConversationOptions {
  readonly console: Expect;
  readonly clock: Clock;
  readonly type: DomainType;
  readonly progress: Progress;
}

/** What a conversation found out: seconds by phase, and the named groups of all answers. */
export interface Conversation {
  readonly seconds: Readonly<Partial<Record<Phase, number>>>;
  readonly groups: Groups;
}

/**
 * Goes through the steps in order.
 * @throws StepFailed for a fatal line, a silence, a command that failed, or a situation
 * the step refuses; whatever the console was ended with
 */
export async function converse(
  steps: readonly Step[],
  options: ConversationOptions,
): Promise<Conversation> {
  const seconds: Partial<Record<Phase, number>> = {};
  const groups: Record<string, string> = {};
  for (const step of steps) {
    const started = options.clock.now();
    Object.assign(groups, await take(step, options));
    seconds[step.phase] = (seconds[step.phase] ?? 0) + (options.clock.now() - started) / 1000;
  }
  return { seconds, groups };
}

type Groups = Readonly<Record<string, string>>;

async function take(step: Step, options: ConversationOptions): Promise<Groups> {
  const { console, type, progress } = options;
  const fail = (what: string, fix: string, cause?: unknown): StepFailed =>
    new StepFailed(step.name, what, fix, console.screen(), cause);
  progress.begin(step.name, step.seconds[type]);
  const refusals = step.refuse ?? [];
  const patterns: Record<string, RegExp> = {};
  if (step.expect !== "stop") patterns.answer = step.expect;
  refusals.forEach(({ pattern }, index) => (patterns[index] = pattern));
  try {
    const { name, match } = await exchange(step, patterns, options);
    if (name !== "answer") throw refused(step, refusals[Number(name)], console);
    const { status = "0", ...groups } = match.groups ?? {};
    if (status === "0") return groups;
    throw fail(`"${step.send ?? ""}" ended with status ${status}`, step.hint);
  } catch (error) {
    if (error instanceof GuestStopped && step.expect === "stop") return {};
    if (error instanceof FatalLine)
      throw fail(`${error.message}\n(${error.fatal.means})`, error.fatal.fix, error);
    if (error instanceof NoAnswer || error instanceof GuestStopped)
      throw fail(error.message, step.hint, error);
    if (error instanceof ConsoleLost) throw fail(error.message, KEEP_THE_CONSOLE, error);
    throw error;
  }
}

/** Types the line and waits for the answer; a line that a lossy port swallowed is typed again. */
async function exchange(
  { send, byKey, retype, seconds }: Step,
  patterns: Readonly<Record<string, RegExp>>,
  { console, type: domain }: ConversationOptions,
): Promise<Answer<string>> {
  const type = async (line: string): Promise<void> => {
    if (byKey === undefined) console.send(line);
    else await console.sendByKey(line, byKey);
  };
  if (send !== undefined) await type(send);
  for (let left = seconds[domain]; ; left -= retype) {
    try {
      return await console.waitFor(patterns, Math.min(left, retype ?? left));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (retype === undefined || left <= retype) throw new NoAnswer(seconds[domain]);
      await type("");
      await type(send ?? "");
    }
  }
}

function refused(step: Step, refusal: Refusal | undefined, console: Expect): StepFailed {
  const { means = "unknown", fix = "" } = refusal ?? {};
  return new StepFailed(step.name, means, fix, console.screen());
}
