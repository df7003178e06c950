import { declare, valued } from "../commandLine/declaration";
import { oneOf } from "../commandLine/values";

export const command = declare({
  name: "completion",
  summary: "prints a completion script for bash or zsh",
  text: `
    Prints a completion script for the shell: commands, their actions and options, and the words that an
    option takes. Make it anew after an update.`,
  arguments: { shell: valued(oneOf("bash", "zsh"), "the shell", { required: true }) },
  examples: [
    "source <(./scripts/gateway completion bash)",
    "./scripts/gateway completion zsh >~/.zsh/completions/_gateway",
  ],
  exit: { ok: "printed" },
});
