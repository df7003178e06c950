import { declare, flag } from "../commandLine/declaration";
import { json, stack } from "../commandLine/shared";

export const command = declare({
  name: "drift",
  summary: "finds what was changed by hand on the gateway and around it",
  text: `
    What on the gateway is not as the last pulumi up left it: files, services, sysctls, the rules that pf
    runs, tunnels that are missing or that no stack declares, packages, and errata where the stack
    applies them; and forwards and routes on the machines around it. Changes nothing there; one SSH
    connection to each. A machine that does not answer hides nothing of what the others show.`,
  options: {
    mark: flag(
      "have the steps behind what was found made anew: the next pulumi preview shows them, the next " +
        "pulumi up puts back exactly that",
    ),
    json: json("drift"),
    stack,
  },
  examples: ["./scripts/gateway drift", "./scripts/gateway drift --mark && pulumi up"],
  exit: {
    ok: "nothing drifted",
    failed: "something did",
    cannotTell: "of what was seen nothing did, but not everything could be seen",
  },
});
