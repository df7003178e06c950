import { declare, flag, valued } from "../commandLine/declaration";
import { json, requiredStack } from "../commandLine/shared";
import { seconds, text } from "../commandLine/values";

const uri = text("URI", {
  pattern: /^[a-z+]+:\/\/\S*$/,
  name: "the libvirt URI of the other hypervisor",
});

export const command = declare({
  name: "migrate",
  summary: "moves a stack's gateway to another hypervisor",
  text: `
    Moves a stack's gateway to another hypervisor with the same networks: checks whether the
    other one can run it, moves it, proves its tunnels there, and records the new hypervisor in the stack.
    Nothing is replaced. If the move fails, the gateway runs on where it was. Run again after an
    interruption, it continues.`,
  options: {
    to: valued(uri, "libvirt URI of the hypervisor to move it to", { required: true }),
    live: flag("move it while it runs; without --live it is shut down, copied, and started there"),
    shared: flag("both hypervisors have the disk: it is not copied"),
    address: valued(
      text("HOST"),
      "where the present hypervisor reaches the other one, for --live (default: the host in --to)",
    ),
    timeout: valued(seconds(1, 99_999), "how long its tunnels may take to be proven there", {
      default: 120,
    }),
    check: flag("only check whether it could be moved"),
    yes: valued(text("NAME"), "the stack's name, instead of being asked for it"),
    json: json("migrate"),
    stack: requiredStack,
  },
  examples: [
    "./scripts/gateway migrate --stack prod --to qemu+ssh://root@hv2/system --check",
    "./scripts/gateway migrate --stack prod --to qemu+ssh://root@hv2/system --live",
  ],
  exit: {
    ok: "moved and proven",
    failed: "not moved, or not proven there (the last line says where the gateway runs)",
    interrupted: "interrupted",
  },
});
