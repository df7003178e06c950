import { peerFormats, type PeerFormatName } from "../../config/vendors";
import { declare, flag, valued } from "../commandLine/declaration";
import { json, stack } from "../commandLine/shared";
import { choice, file, text } from "../commandLine/values";

const titles = Object.fromEntries(peerFormats.map(({ name, title }) => [name, title])) as Record<
  PeerFormatName,
  string
>;

export const command = declare({
  name: "peer",
  summary: "writes the configuration of a tunnel's other end",
  text: `
    The configuration of the other end of a tunnel, from the same declaration: every value mirrored,
    ready to paste, with the device's own commands to see how it is. A tunnel that the device cannot be
    given is refused, with what to change. With auth: publickey the gateway's public key stands in it.`,
  arguments: { name: valued(text("NAME"), "the tunnel; none with --list") },
  options: {
    vendor: valued(
      choice("VENDOR", titles),
      "what the other end is (default: the tunnel's vendor, else sheet)",
    ),
    out: valued(file, "write it there, mode 0600 (default: standard output)"),
    "reveal-psk": flag("with the pre-shared key instead of a placeholder; on a terminal only"),
    list: flag("the stack's tunnels, each with the format it would get"),
    stack,
    json: json("peer", "peer-list"),
  },
  examples: [
    "./scripts/gateway peer --list",
    "./scripts/gateway peer west --vendor strongswan --reveal-psk --out west.conf",
    './scripts/gateway peer east --vendor sheet | mail -s "IPsec tunnel" admin@example.net',
  ],
  exit: { ok: "done", failed: "refused" },
});
