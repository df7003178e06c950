import { declare, valued } from "../commandLine/declaration";
import { json as document, stack } from "../commandLine/shared";
import { seconds, text } from "../commandLine/values";

const timeout = valued(seconds(0, 99_999), "how long to wait", { default: 120 });
const json = document("tunnel");
const names = valued(text("NAME"), "the tunnel", { required: true, many: true });
const options = { timeout, json, stack };

export const command = declare({
  name: "tunnel",
  summary: "takes one tunnel up or down, or ends one that hangs; the others stay",
  text: `
    One tunnel at a time; the others keep their SAs. Waits until the tunnel is what
    was asked for, or prints what it still is.`,
  actions: {
    up: { text: "take it up again after a down", arguments: { names }, options },
    down: {
      text: "take it down, until up; status shows that this differs from the declaration",
      arguments: { names },
      options,
    },
    restart: {
      text: "drop its SAs and negotiate at once; for a tunnel that hangs",
      arguments: { names },
      options,
    },
    kill: {
      text: "drop its SAs and leave the rest to the daemons",
      arguments: { names },
      options,
    },
    flush: {
      text: "drop every SA of the gateway; needs the gateway's name",
      options: {
        yes: valued(text("GATEWAY"), "the name of the gateway whose tunnels are all to be dropped"),
        ...options,
      },
    },
    "start-all": {
      text: "take up everything that is down by hand, and negotiate all that is not there",
      options,
    },
  },
  examples: ["./scripts/gateway tunnel restart west", "./scripts/gateway tunnel flush --yes gw"],
  exit: { ok: "done and seen", failed: "refused, failed or not reached in time" },
});
