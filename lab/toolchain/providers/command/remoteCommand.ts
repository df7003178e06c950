// remote.Command: a command of the login shell at the other end of an SSH connection.
import { constants } from "node:os";
import type { Client, ClientChannel } from "ssh2";
import type { Context } from "../core/resourceType";
import type { Properties } from "../core/values";
import { commandType, commonInputs, type Outputs } from "./commandType";
import { checkConnection, type Connection, withConnection } from "./connection";
import { Output } from "./output";
import { startCommand } from "./session";

/** Token command:remote:Command. */
export const remoteCommand = commandType(
  { ...commonInputs, connection: "update" },
  ({ connection }) =>
    connection === undefined ? [] : checkConnection(connection as Record<string, unknown>),
  (command, inputs, previous, context) =>
    withConnection(inputs.connection as Connection, context, (client) =>
      runRemotely(client, command, inputs, previous, context),
    ),
);

async function runRemotely(
  client: Client,
  command: string,
  inputs: Properties,
  previous: Readonly<Record<string, string>>,
  context: Context,
): Promise<Outputs> {
  const environment = (inputs.environment ?? {}) as Record<string, string>;
  const output = new Output(inputs.logging, context);
  const refused = (name: string): void => {
    context.warn(`the server refused the variable ${name}: set addPreviousOutputInEnv to false`);
  };
  let ended: Promise<string | undefined> | undefined;
  const channel = await startCommand(client, command, environment, previous, refused, (opened) => {
    ended = outcome(opened, output);
  });
  // A command may end without reading its stdin; only its exit status says whether that was right.
  channel.end(typeof inputs.stdin === "string" ? inputs.stdin : "");
  const how = await ended;
  context.signal.throwIfAborted();
  output.end();
  if (how === undefined) return output.outputs();
  throw output.failure(how, command);
}

/** Waits for the end; undefined means exit status 0. */
function outcome(channel: ClientChannel, output: Output): Promise<string | undefined> {
  return new Promise((resolve) => {
    let ended: string | undefined =
      "wait: remote command exited without exit status or exit signal";
    channel.on("data", (chunk: Buffer) => {
      output.add("stdout", chunk);
    });
    channel.stderr.on("data", (chunk: Buffer) => {
      output.add("stderr", chunk);
    });
    channel.once("exit", (status: number | null, signal?: string) => {
      if (status === 0) ended = undefined;
      else if (status === null) ended = endedBySignal(signal ?? "");
      else ended = `Process exited with status ${status}`;
    });
    channel.once("close", () => {
      resolve(ended);
    });
    channel.on("error", () => undefined);
  });
}

/** A shell's status of a command that a signal ended, and the signal's name as SSH has it (RFC 4254, 6.10). */
function endedBySignal(signal: string): string {
  const status = 128 + (constants.signals[signal as NodeJS.Signals] || 0);
  return `Process exited with status ${status} from signal ${signal.replace(/^SIG/, "")}`;
}
