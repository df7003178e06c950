import { projectDirectory } from "../../workstation/paths";
import { Refusal } from "../command";
import { type Finished, run, type Tool } from "../run";
import { stackFailure } from "./failure";

const PULUMI: Tool = {
  program: "pulumi",
  install: 'run ./scripts/toolchain, then eval "$(./scripts/toolchain --env)"',
};

export interface StackSelection {
  /** As `pulumi --stack`. Default: the stack that is selected in the project. */
  readonly stack?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs the Pulumi CLI in the project: the directory of this clone, or the one that the environment
 * variable GATEWAY_PROJECT names.
 *
 * @returns whatever exit status it ended with
 * @throws Refusal if there is no engine
 */
export function pulumi(
  args: readonly string[],
  { stack, signal }: StackSelection,
  input?: string,
): Promise<Finished> {
  return run(PULUMI, stack === undefined ? args : [...args, "--stack", stack], {
    cwd: projectDirectory(),
    env: ownEnvironment(),
    signal,
    ...(input !== undefined && { input }),
  });
}

/**
 * The same for a command that has to succeed: what it prints.
 *
 * @param input standard input, for secrets
 * @throws Refusal with the reason if it fails
 */
export async function runPulumi(
  command: readonly string[],
  selection: StackSelection,
  input?: string,
): Promise<string> {
  const { status, stdout, stderr } = await pulumi(
    [...command, "--non-interactive"],
    selection,
    input,
  );
  if (status !== 0) throw new Refusal(stackFailure(stderr, selection.stack));
  return stdout;
}

/** The backend's credentials and the passphrase are in variables of many names. */
function ownEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(entries) as Record<string, string>), LC_ALL: "C.UTF-8" };
}
