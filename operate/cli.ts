import { text } from "node:stream/consumers";
import { types } from "node:util";
import { closest } from "../config/closest";
import { allCommands, commandNames, loadCommand } from "./catalogue";
import { EXIT, UsageError, type Io } from "./command";
import { fitted } from "./help";

/** Runs another command for its result: what it prints goes to the caller. */
export async function captured(
  name: string,
  argv: readonly string[],
  io: Io,
): Promise<{ status: number; output: string }> {
  let output = "";
  const keep = (text: string): void => {
    output += text;
  };
  const status = await main([name, ...argv], {
    ...io,
    out: keep,
    err: keep,
    terminal: false,
    columns: undefined,
  });
  return { status, output };
}

async function overview(): Promise<string> {
  const commands = await allCommands();
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "usage: ./scripts/gateway COMMAND [ARGUMENT…]",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "./scripts/gateway COMMAND --help explains a command, with examples.",
    "Completion in the shell: source <(./scripts/gateway completion bash)",
    "",
  ].join("\n");
}

/** What is wrong with the arguments; undefined for any other failure. */
function misuse(name: string, error: unknown): string | undefined {
  if (error instanceof UsageError) return error.message;
  if (!types.isNativeError(error) || !("code" in error)) return undefined;
  if (!String(error.code).startsWith("ERR_PARSE_ARGS")) return undefined;
  // Node goes on about arguments that begin with a dash.
  const [what = ""] = error.message.split(". To specify");
  return `${what}: see ./scripts/gateway ${name} --help`;
}

function unknownCommand(name: string): string {
  const meant = closest(name, commandNames());
  const hint =
    meant === undefined ? "./scripts/gateway --help lists them" : `did you mean ${meant}?`;
  return `gateway: ${name}: no such command: ${hint}\n`;
}

/** Runs one command line and gives its exit status. Errors become one message, never a stack. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? io.err : io.out)(await overview());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (!commandNames().includes(name)) {
    io.err(unknownCommand(name));
    return EXIT.usage;
  }
  try {
    const command = await loadCommand(name);
    if (rest.includes("--help") || rest.includes("-h")) {
      io.out(io.columns === undefined ? command.usage : fitted(command.usage, io.columns));
      return EXIT.ok;
    }
    return await command.run(rest, io);
  } catch (error) {
    if (io.signal.aborted) {
      io.err(`gateway: ${name}: interrupted\n`);
      return EXIT.interrupted;
    }
    const wrong = misuse(name, error);
    const message = wrong ?? (types.isNativeError(error) ? error.message : String(error));
    io.err(`gateway: ${name}: ${message}\n`);
    return wrong === undefined ? EXIT.failed : EXIT.usage;
  }
}

if (require.main === module) {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => {
      stop.abort();
    });
  }
  // A reader that goes away (`| head`) is no failure of the command.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  void main(process.argv.slice(2), {
    out: (chunk) => process.stdout.write(chunk),
    err: (chunk) => process.stderr.write(chunk),
    terminal: process.stderr.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    stdin: () => text(process.stdin),
    signal: stop.signal,
  }).then((status) => {
    process.exitCode = status;
  });
}
