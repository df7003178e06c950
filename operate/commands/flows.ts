import { declare } from "../commandLine/declaration";
import { json, optionalTunnel, stack } from "../commandLine/shared";

export const command = declare({
  name: "flows",
  summary: "the kernel's flows and SAs, of all tunnels or of one",
  text: `
    The kernel's flows and SAs, as ipsecctl(8) prints them; with NAME only those from
    and to that tunnel's peer. Never a key.`,
  arguments: { name: optionalTunnel },
  options: { json: json("flows"), stack },
  examples: ["./scripts/gateway flows", "./scripts/gateway flows west --stack prod"],
  exit: { ok: "done", failed: "failed" },
});
