import { declare, valued } from "../commandLine/declaration";
import { stack } from "../commandLine/shared";
import { file, seconds, text } from "../commandLine/values";

export const command = declare({
  name: "serve",
  summary: "a local web page with the state of every tunnel, and metrics for Prometheus",
  text: `
    A web page with the state of every tunnel, and /metrics for Prometheus. It reads only: the gateway is
    asked over SSH every few seconds, and what is too old to be true is shown as unknown.

    Ends with Ctrl-C or SIGTERM. Alert rules and a dashboard: docs/monitoring.md.`,
  options: {
    listen: valued(text("ADDRESS:PORT"), "any address but loopback needs a token", {
      default: "127.0.0.1:9177",
    }),
    "token-file": valued(
      file,
      "who reads must give this token: Authorization: Bearer TOKEN, or the form of the page. A file of " +
        "mode 0600 with 32 characters or more",
    ),
    "host-name": valued(
      text("NAME"),
      "also answer to this name (a proxy's, a DNS entry's); may be repeated",
      {
        many: true,
      },
    ),
    interval: valued(seconds(5, 3600), "how often the gateway is asked", { default: 15 }),
    stack,
  },
  examples: [
    "./scripts/gateway serve --stack prod",
    "ssh -L 9177:127.0.0.1:9177 admin-host        # then open http://127.0.0.1:9177/ here",
    "(umask 077; openssl rand -hex 32 > token); ./scripts/gateway serve --listen 10.0.0.5:9177 --token-file token",
  ],
  exit: { ok: "ended as asked", failed: "cannot serve" },
});
