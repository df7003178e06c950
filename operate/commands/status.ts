import { declare, flag, valued } from "../commandLine/declaration";
import { json, stack } from "../commandLine/shared";
import { text } from "../commandLine/values";

export const command = declare({
  name: "status",
  summary: "what every tunnel is: declared, live, and proven by packets",
  text: `
    What every tunnel is, worst first: what the stack declares, what is live on the gateway, and a
    ping through each tunnel, sent by the gateway itself. One SSH connection.`,
  terms: {
    proven: "a ping, or other traffic where no probe is declared, crossed it both ways just now",
    established: "both ends agreed, but nothing was seen to cross it",
    negotiating: "the daemon negotiates, or tries to",
    down: "it has no SA",
    disabled: "declared with enabled: false",
    unmanaged: "live on the gateway, but not declared",
    unknown: "the gateway gave no answer",
  },
  arguments: {
    names: valued(text("NAME"), "only these, with every detail (default: all of them)", {
      many: true,
    }),
  },
  options: {
    json: json("status"),
    watch: flag(
      "ask again every 5 seconds, until Ctrl-C, with --json one document a line; IN and OUT are then per " +
        "second. Prints on stderr at once what it waits for",
    ),
    "no-probe": flag("do not ping: only traffic of others can prove a tunnel then"),
    stack,
  },
  examples: [
    "./scripts/gateway status",
    "./scripts/gateway status west --json | jq '.tunnels[0].differs'",
  ],
  exit: {
    ok: "every tunnel is proven (or disabled) and nothing else is wrong",
    failed: "a tunnel is not proven, or something else is wrong",
    cannotTell: "the gateway gave no answer",
  },
});
