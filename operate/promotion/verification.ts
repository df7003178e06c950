import type { Finding } from "../../contract/documents/operate";
import { askUntil } from "../askUntil";
import type { Io } from "../command";
import type { StackOutputs } from "../../contract/stackOutputs";
import { readOutputs } from "../stack/outputs";
import { pulumi } from "../stack/pulumi";
import { queryStatus } from "../status/query";

/** Runs one of the operator's commands: its exit status and standard output. */
export type RunCommand = (
  name: string,
  argv: readonly string[],
) => Promise<{ readonly status: number; readonly output: string }>;

export interface VerificationOptions {
  readonly stack: string;
  /** How long tunnels may take to be proven. */
  readonly timeoutMs: number;
  /** Other commands that have to end with 0. */
  readonly runCommand: RunCommand;
  readonly commands: readonly string[];
  readonly io: Io;
}

const POLL_MS = 2000;
const FIRST_LINES = 3;

/** Everything that can be seen of a stack from here, in the order from cheap to dear. */
export async function* verification(options: VerificationOptions): AsyncGenerator<Finding> {
  const { stack, commands, io } = options;
  yield await cleanPreview(stack, io.signal);
  yield await provenTunnels(options);
  for (const name of commands) {
    const { status, output } = await options.runCommand(name, ["--stack", stack]);
    const lines = output.trim().split("\n").slice(0, FIRST_LINES).join("; ");
    yield { name, ok: status === 0, detail: status === 0 ? "nothing found" : lines };
  }
}

/** Whether what is written is what runs. */
export async function cleanPreview(stack: string, signal: AbortSignal): Promise<Finding> {
  const args = ["preview", "--non-interactive", "--expect-no-changes", "--diff=false", "--json"];
  const { status, stdout, stderr } = await pulumi(args, { stack, signal });
  if (status === 0) return { name: "preview", ok: true, detail: "no changes" };
  return { name: "preview", ok: false, detail: changes(stdout) ?? lastLine(stderr, stdout) };
}

async function provenTunnels({ stack, timeoutMs, io }: VerificationOptions): Promise<Finding> {
  const outputs = await readOutputs({ stack, signal: io.signal });
  const unproven = await askUntil(
    () => unprovenTunnels(outputs, io),
    (wrong) => wrong.length === 0,
    { milliseconds: timeoutMs, every: POLL_MS, signal: io.signal },
  );
  if (unproven.length > 0) return { name: "tunnels", ok: false, detail: unproven.join(", ") };
  const count = outputs.tunnels.filter(({ enabled }) => enabled).length;
  return { name: "tunnels", ok: true, detail: `${count} proven` };
}

/** `NAME is STATE` for each that should be proven and is not. */
async function unprovenTunnels(outputs: StackOutputs, io: Io): Promise<string[]> {
  const { tunnels, problems } = await queryStatus(outputs, { probe: true, signal: io.signal });
  const wanted = tunnels.filter(({ state }) => state !== "proven" && state !== "disabled");
  return wanted.length > 0 ? wanted.map(({ name, state }) => `${name} is ${state}`) : [...problems];
}

/** `2 to update, 1 to create`, from the JSON of a preview. */
function changes(json: string): string | undefined {
  try {
    const { changeSummary = {} } = JSON.parse(json) as { changeSummary?: Record<string, number> };
    const found = Object.entries(changeSummary).filter(([kind]) => kind !== "same");
    return found.length === 0
      ? undefined
      : found.map(([kind, count]) => `${count} to ${kind}`).join(", ");
  } catch {
    return undefined;
  }
}

const lastLine = (...texts: readonly string[]): string =>
  texts
    .flatMap((text) => text.trim().split("\n"))
    .filter(Boolean)
    .at(-1) ?? "no reason";
