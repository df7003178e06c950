// What a resource type has to say about itself; provider.ts does the rest.
import type { Properties } from "./values";

/** What a changed input means, or why the input cannot be used here. */
export type InputRule = "update" | "replace" | { refused: string };

/** How an operation talks to its surroundings. */
export interface Context {
  /** Ends when the user cancels or the resource's custom timeout has passed. */
  readonly signal: AbortSignal;
  /** Shows one line under the resource while it is being worked on. */
  log(line: string): void;
  /** Shows one line that stays. */
  warn(line: string): void;
}

export interface Failure {
  property: string;
  reason: string;
}

/**
 * One resource type. Inputs and outputs arrive and leave without marks of secrets: provider.ts takes them off and puts
 * them on again. An output that is not among `secretOutputs` becomes secret when any input is.
 */
export interface ResourceType {
  readonly inputs: Readonly<Record<string, InputRule>>;
  /** Outputs that the SDK's class has beside its inputs; `missing` ones stay undefined here. */
  readonly outputs: Readonly<Record<string, "given" | { missing: string }>>;
  readonly secretOutputs?: readonly string[];
  /** Looks at inputs that are known; must not complain about absent ones, which may be unknown. */
  check?(inputs: Properties): Failure[];
  /** @returns the id and the outputs beside the inputs */
  create(
    inputs: Properties,
    name: string,
    context: Context,
  ): Promise<{ id: string; outputs: Properties }>;
  /** @returns the outputs beside the inputs; absent when every input replaces */
  update?(inputs: Properties, old: Properties, context: Context): Promise<Properties>;
  /** Absent when there is nothing to undo. */
  delete?(state: Properties, context: Context): Promise<void>;
}
