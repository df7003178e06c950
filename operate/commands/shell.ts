import { declare, valued } from "../commandLine/declaration";
import { stack } from "../commandLine/shared";
import { text } from "../commandLine/values";

export const command = declare({
  name: "shell",
  summary: "a shell on the gateway, or one command there",
  text: `
    A shell on the gateway, or one command there, over SSH with the host key that the stack has pinned.
    The next pulumi up does not know what is changed by hand there. What follows -- goes to the command;
    a pipe needs a shell there: -- sh -c 'A | B'.`,
  arguments: {
    command: valued(text("COMMAND"), "the command, with its arguments", { many: true }),
  },
  options: { stack },
  examples: ["./scripts/gateway shell", "./scripts/gateway shell -- gwctl state"],
  exit: {
    ok: "the shell or the command ended so; any other status of it is passed on too",
    failed: "the gateway was not reached",
  },
});
