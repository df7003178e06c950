// What local.Command and remote.Command have in common: when which text is run, and with what from before.
import { randomBytes } from "node:crypto";
import type { Context, Failure, InputRule, ResourceType } from "../core/resourceType";
import type { Properties } from "../core/values";
import { loggingValues } from "./output";

export interface Outputs extends Properties {
  stdout: string;
  stderr: string;
}

/** Runs one text with the given inputs; `previous` holds the variables that tell the previous output. */
export type Run = (
  command: string,
  inputs: Properties,
  previous: Readonly<Record<string, string>>,
  context: Context,
) => Promise<Outputs>;

export const commonInputs = {
  addPreviousOutputInEnv: "update",
  create: "update",
  delete: "update",
  environment: "update",
  logging: "update",
  stdin: "update",
  triggers: "replace",
  update: "update",
} as const satisfies Record<string, InputRule>;

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/**
 * A resource type that runs commands.
 *
 * Create runs `create`; update runs `update`, or `create` when there is none; delete runs `delete`. Without a text
 * nothing is run and the previous output stays. Source: pulumi-command 1.2.1, commandController.go.
 */
export function commandType(
  inputs: Readonly<Record<string, InputRule>>,
  check: (inputs: Properties) => Failure[],
  run: Run,
): ResourceType {
  return {
    inputs,
    outputs: { stdout: "given", stderr: "given" },
    check: (given) => [...checkCommon(given), ...check(given)],
    create: async (given, name, context) => {
      const command = text(given.create);
      const outputs = command === undefined ? nothing : await run(command, given, {}, context);
      return { id: `${name}${randomBytes(4).toString("hex")}`, outputs };
    },
    update: async (given, old, context) => {
      const command = text(given.update) ?? text(given.create);
      return command === undefined
        ? { stdout: text(old.stdout) ?? "", stderr: text(old.stderr) ?? "" }
        : run(command, given, previousOutput(given, old), context);
    },
    delete: async (old, context) => {
      const command = text(old.delete);
      if (command !== undefined) await run(command, old, previousOutput(old, old), context);
    },
  };
}

const nothing: Outputs = { stdout: "", stderr: "" };

function previousOutput(inputs: Properties, old: Properties): Record<string, string> {
  if (inputs.addPreviousOutputInEnv === false) return {};
  const variables = { PULUMI_COMMAND_STDOUT: old.stdout, PULUMI_COMMAND_STDERR: old.stderr };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => {
      const given = text(value) ?? "";
      return given === "" ? [] : [[name, given]];
    }),
  );
}

function checkCommon(inputs: Properties): Failure[] {
  const logging = inputs.logging;
  if (logging === undefined || loggingValues.some((value) => value === logging)) return [];
  return [{ property: "logging", reason: `must be one of ${loggingValues.join(", ")}` }];
}
