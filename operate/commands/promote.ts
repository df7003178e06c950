import { declare, flag, valued } from "../commandLine/declaration";
import { json } from "../commandLine/shared";
import { seconds, text } from "../commandLine/values";

const stack = text("NAME");
const duration = seconds(1, 99_999);

export const command = declare({
  name: "promote",
  summary: "promotes what one stack has proven to the next stack",
  text: `
    Runs pulumi up on the first stack and proves its tunnels, shows what would change on the second
    stack, asks, runs pulumi up on the second, and proves its tunnels too. Ends at the first step that
    fails; run it again to continue.`,
  options: {
    from: valued(stack, "the stack that is proven first", { default: "test" }),
    to: valued(stack, "the stack that is brought up next", { default: "prod" }),
    canary: valued(
      text("TUNNEL"),
      "change this one first on the second stack; if it does not stay proven, its change is undone and " +
        "nothing else is touched",
    ),
    watch: valued(
      duration,
      "how long the canary has to stay proven, and to lose no more of its probes than before the change",
      { default: 30 },
    ),
    grace: valued(duration, "how long the canary may take to be proven after its change", {
      default: 40,
    }),
    timeout: valued(duration, "how long the tunnels of a stack may take to be proven", {
      default: 60,
    }),
    yes: valued(stack, "the second stack's name, instead of being asked for it"),
    copy: flag(
      "the second gateway's disk becomes a copy of the first one's, sealed before it leaves: the first is " +
        "off for the time of a clone",
    ),
    rollback: flag("the second stack goes back to the disk it ran from before"),
    "xml-only": flag(
      "with --copy, for a hypervisor without Pulumi: copies the disk and defines the machine, with the " +
        "first one's definition changed for there",
    ),
    list: flag("list the disks of both stacks' gateways, with what each is for"),
    prune: valued(text("VOLUME"), "remove this disk, if no gateway needs it"),
    json: json("promote-list"),
    "stop-before-up": flag("end after the second stack's preview"),
  },
  examples: [
    "./scripts/gateway promote",
    "./scripts/gateway promote --canary west --yes prod",
    "./scripts/gateway promote --copy",
    "./scripts/gateway promote --list",
  ],
  exit: { ok: "done", failed: "a step failed (what was proven stays)" },
});
