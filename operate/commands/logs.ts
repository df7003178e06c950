import { declare, flag, valued } from "../commandLine/declaration";
import { optionalTunnel, stack } from "../commandLine/shared";
import { count } from "../commandLine/values";

export const command = declare({
  name: "logs",
  summary: "what the IKE daemon says, of all tunnels or of one",
  text: `
    What the IKE daemon and gwctl say in the gateway's /var/log/daemon; with NAME only what is about that
    tunnel. Keys are taken out.`,
  arguments: { name: optionalTunnel },
  options: {
    follow: flag("continue as it is written, until Ctrl-C", "f"),
    lines: valued(
      count("LINES", "a number of lines", 0, 999_999),
      "how many of the file's last lines are read",
      { short: "n", default: 1000 },
    ),
    stack,
  },
  examples: ["./scripts/gateway logs west -f", "./scripts/gateway logs -n 5000 --stack prod"],
  exit: { ok: "done", failed: "failed" },
});
