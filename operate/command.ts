/** What a command may touch of the process that runs it. */
export interface Io {
  /** Results; with `--json` one JSON document. */
  readonly out: (text: string) => void;
  /** Progress, warnings, errors. */
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal, where a line may be written over. */
  readonly terminal: boolean;
  /** Width of the terminal that `out` is. Default: it is none, so no colours and no redrawing. */
  readonly columns?: number | undefined;
  /** All of standard input. */
  readonly stdin: () => Promise<string>;
  /** Aborted by Ctrl-C and SIGTERM. A command then cleans up and rejects. */
  readonly signal: AbortSignal;
}

/** The command was understood and does not do it. The message is all that the operator gets. */
export class Refusal extends Error {
  public override readonly name = "Refusal";
}

/** The command was called wrongly. */
export class UsageError extends Error {
  public override readonly name = "UsageError";
}
