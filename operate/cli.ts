import { text } from "node:stream/consumers";
import { types } from "node:util";
import { closest } from "../config/closest";
import { allDeclarations, commandNames, loadDeclaration, loadRun } from "./catalogue";
import { EXIT } from "../contract/exit";
import { UsageError, type Io } from "./command";
import { helpOf } from "./commandLine/help";
import { guarded } from "./terminal";

/** Width of a command's help that no terminal shows. */
const COLUMNS = 100;

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
  const commands = (await allDeclarations()).filter(({ hidden }) => !hidden);
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

/** What follows -- is for the command that is run on the gateway. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv
    .slice(0, end < 0 ? undefined : end)
    .some((word) => word === "--help" || word === "-h");
}

function unknownCommand(name: string): string {
  const meant = closest(name, commandNames());
  const hint =
    meant === undefined ? "./scripts/gateway --help lists them" : `did you mean ${meant}?`;
  return `gateway: ${name}: no such command: ${hint}\n`;
}

/** Runs one command line and gives its exit status. Errors become one message, never a stack. */
export async function main(argv: readonly string[], outside: Io): Promise<number> {
  const io = guarded(outside);
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
    if (asksForHelp(rest)) {
      io.out(helpOf(await loadDeclaration(name), io.columns ?? COLUMNS));
      return EXIT.ok;
    }
    const run = await loadRun(name);
    return await run(rest, io);
  } catch (error) {
    if (io.signal.aborted) {
      io.err(`gateway: ${name}: interrupted\n`);
      return EXIT.interrupted;
    }
    io.err(`gateway: ${name}: ${types.isNativeError(error) ? error.message : String(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
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
