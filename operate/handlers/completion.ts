import { allDeclarations } from "../catalogue";
import { EXIT } from "../../contract/exit";
import { implement } from "../commandLine/implement";
import { command } from "../commands/completion";
import { bashCompletion } from "../completion/bash";
import { wordsOf } from "../completion/words";
import { zshCompletion } from "../completion/zsh";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion } as const;

export const run = implement(command, async ({ shell }, io) => {
  io.out(SHELLS[shell]((await allDeclarations()).map(wordsOf)));
  return EXIT.ok;
});
