import { Refusal, type Io } from "../command";
import { diagnosticsOf } from "../stack/diagnostics";
import { pulumi } from "../stack/pulumi";
import type { Finding } from "../../contract/documents/operate";
import { cleanPreview } from "./verification";

/** One step of a promotion or an upgrade. */
export interface Step {
  readonly title: string;
  /** @returns what was seen, in a line; a Refusal ends the run */
  readonly run: () => Promise<string>;
  /** What state a failure here leaves, and how to leave that again. */
  readonly back?: string | (() => Promise<string>) | undefined;
}

/** Runs the steps in order; the first that fails ends it, and says how to go on and how to go back. */
export async function runSteps(steps: readonly Step[], io: Io, who = "promote"): Promise<void> {
  for (const [index, { title, run: go, back }] of steps.entries()) {
    const began = Date.now();
    const place = `${index + 1}/${steps.length} ${title}`;
    if (io.terminal) io.err(`${who}: ${place} …\r`);
    try {
      const seen = await go();
      io.err(`${who}: ${place}: ${seen} (${((Date.now() - began) / 1000).toFixed(0)} s)\n`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const wayBack = typeof back === "function" ? await back() : back;
      throw new Refusal(
        `${place}: ${error.message}\n` +
          "to go on:   put that right and run it again; what is done already is only looked at" +
          (wayBack === undefined ? "" : `\nto go back: ${wayBack}`),
      );
    }
  }
}

/** The whole text of a preview, as the operator is to read it before anything happens. */
export async function previewOf(stack: string, signal: AbortSignal): Promise<string> {
  const { status, stdout, stderr } = await pulumi(["preview", "--diff", "--non-interactive"], {
    stack,
    signal,
  });
  if (status !== 0) throw new Refusal(`the preview fails: ${diagnosticsOf(stdout, stderr)}`);
  return stdout;
}

export async function up(stack: string, signal: AbortSignal): Promise<string> {
  const args = ["up", "--yes", "--skip-preview", "--non-interactive"];
  const { status, stdout, stderr } = await pulumi(args, { stack, signal });
  if (status !== 0) throw new Refusal(`the update fails: ${diagnosticsOf(stdout, stderr)}`);
  const summary = /Resources:\n((?: {4}.*\n)+)/.exec(stdout)?.[1] ?? "";
  return summary.trim().replace(/\s*\n\s*/g, ", ") || "done";
}

export async function clean(stack: string, signal: AbortSignal): Promise<string> {
  return orRefusal(await cleanPreview(stack, signal));
}

export function orRefusal({ ok, detail, name }: Finding): string {
  if (ok) return detail;
  throw new Refusal(`${name}: ${detail}`);
}
