import { declare, flag, valued } from "../commandLine/declaration";
import { json, requiredStack } from "../commandLine/shared";
import { seconds } from "../commandLine/values";

export const command = declare({
  name: "verify",
  summary: "proves a stack, and records the proof for the next stack",
  text: `
    Proves a stack and records the proof: what is written is what runs (an empty preview), every tunnel
    carries packets, nothing drifted on the gateway, the path in front of it is as it should be. A stack
    whose promotion.from names this one takes no update without it.`,
  options: {
    timeout: valued(seconds(0, 99_999), "how long tunnels may take to be proven", { default: 60 }),
    "no-record": flag("only check"),
    json: json("verify"),
    stack: requiredStack,
  },
  examples: ["./scripts/gateway verify --stack test"],
  exit: { ok: "proven", failed: "not proven" },
});
