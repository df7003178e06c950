import { declare } from "../commandLine/declaration";
import { json, optionalTunnel, stack } from "../commandLine/shared";

export const command = declare({
  name: "rules",
  summary: "the packet filter's rules with their counters",
  text: `
    The packet filter's rules and how often each decided, as pfctl(8) prints them; with NAME only those
    that carry that tunnel's tag.`,
  arguments: { name: optionalTunnel },
  options: { json: json("rules"), stack },
  examples: ["./scripts/gateway rules", "./scripts/gateway rules west --stack prod"],
  exit: { ok: "done", failed: "failed" },
});
