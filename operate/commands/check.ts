import { declare, valued } from "../commandLine/declaration";
import { json } from "../commandLine/shared";
import { file, text } from "../commandLine/values";

export const command = declare({
  name: "check",
  summary: "checks a stack's values without Pulumi, and names every problem",
  text: `
    Checks a stack's values as pulumi up does before it touches anything, and names every problem:
    where, what, and what to write instead (docs/rules.md). Needs neither Pulumi nor the network. Of a
    secret it sees only whether it is set; of the files that the values name only tunnelsFile is read.`,
  arguments: { file: valued(file, "a file of the form of Pulumi.NAME.yaml, instead of --stack") },
  options: {
    stack: valued(text("NAME"), "the stack (default: the only one there is)"),
    json: json("check"),
  },
  examples: [
    "./scripts/gateway check --stack prod",
    "./scripts/gateway check ../other/Pulumi.test.yaml --json",
  ],
  exit: {
    ok: "nothing is refused (there may be warnings)",
    failed: "refused",
    cannotTell: "the file cannot be read",
  },
});
