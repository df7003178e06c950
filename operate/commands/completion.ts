import { parseArgs } from "node:util";
import { allCommands } from "../catalogue";
import { EXIT, UsageError, type Command, type Io } from "../command";
import { bashCompletion } from "../completion/bash";
import { wordsOf } from "../completion/words";
import { zshCompletion } from "../completion/zsh";

const usage = `usage: ./scripts/gateway completion bash|zsh

Prints a completion script for the shell: commands, their actions and options, and the words that an
option takes. It is made from the commands' own help, so make it anew after an update.

Examples:
  source <(./scripts/gateway completion bash)
  ./scripts/gateway completion zsh >~/.zsh/completions/_gateway

Exit status: 0 printed, 64 called wrongly.
`;

const SHELLS = { bash: bashCompletion, zsh: zshCompletion } as const;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...argv], options: {}, allowPositionals: true });
  const [shell = "", ...more] = positionals;
  if (!Object.hasOwn(SHELLS, shell) || more.length > 0) {
    throw new UsageError("name the shell: bash or zsh");
  }
  const words = (await allCommands()).map(wordsOf);
  io.out(SHELLS[shell as keyof typeof SHELLS](words));
  return EXIT.ok;
}

export const command: Command = {
  name: "completion",
  summary: "prints a completion script for bash or zsh",
  usage,
  run,
};
