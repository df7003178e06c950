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
    up: { text: "take the tunnel up again after down", arguments: { names }, options },
    down: {
      text: "take the tunnel down until it is taken up; status shows that this differs from the declaration",
      arguments: { names },
      options,
    },
    restart: {
      text: "drop its SAs and negotiate at once (a passive tunnel waits for its peer)",
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
      text: "take up every tunnel that is down by hand, and negotiate those without an SA",
      options,
    },
  },
  examples: ["./scripts/gateway tunnel restart west", "./scripts/gateway tunnel flush --yes gw"],
  exit: { ok: "done, and confirmed by status", failed: "refused, failed or not reached in time" },
});
