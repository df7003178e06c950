import { declare, flag, valued } from "../commandLine/declaration";
import { stack } from "../commandLine/shared";
import { file, text } from "../commandLine/values";

export const command = declare({
  name: "console",
  summary: "the gateway's serial console, or what an installation says on it",
  text: `
    The gateway's serial console. Ctrl-] leaves it; the gateway does not notice. Its login asks for a
    password, and root has none: it shows a system that starts or hangs, and its kernel's debugger.`,
  options: {
    follow: flag(
      "only read, while an installation has the console: what its transcript says, from the beginning " +
        "of the last installation on, until Ctrl-C",
    ),
    transcript: valued(
      file,
      "the transcript to follow (default: ~/.local/state/openbsd-ipsec-gateway/NAME-console.log)",
    ),
    stack,
    domain: valued(
      text("NAME"),
      "the gateway's domain, instead of --stack; then no stack is asked",
    ),
    uri: valued(text("URI"), "libvirt connection, with --domain (default: qemu:///system)"),
  },
  examples: ["./scripts/gateway console --follow"],
  exit: { ok: "left", failed: "not reached" },
});
