import { declare, flag, valued } from "../commandLine/declaration";
import { json, requiredStack } from "../commandLine/shared";
import { seconds, text } from "../commandLine/values";

const release = text("RELEASE", { pattern: /^\d+\.\d$/, name: "a release, as in 8.0" });

export const command = declare({
  name: "upgrade",
  summary: "takes the gateway to the next OpenBSD release",
  text: `
    Takes the gateway to the next OpenBSD release with sysupgrade(8). Checks first whether that can be
    done, and changes nothing if not. The gateway is off while its disk is copied, and again while the
    new release is installed; its tunnels are proven afterwards. On a gateway that runs RELEASE already,
    an upgrade that was cut off is brought to its end: packages, tunnels.`,
  arguments: { release: valued(release, "the release to run", { required: true }) },
  options: {
    check: flag("only check whether it can be done"),
    "no-copy": flag("make no copy of the disk first: the upgrade cannot be undone then"),
    timeout: valued(seconds(0, 9999), "how long the tunnels may take to be proven", {
      default: 300,
    }),
    yes: valued(text("GATEWAY"), "the gateway's name, instead of being asked for it"),
    json: json("upgrade"),
    stack: requiredStack,
  },
  examples: [
    "./scripts/gateway upgrade 8.0 --stack test --check",
    "./scripts/gateway upgrade 8.0 --stack test --yes gw-test",
  ],
  exit: {
    ok: "it runs RELEASE and its tunnels are proven (--check: it can be done)",
    failed: "refused or failed",
  },
});
