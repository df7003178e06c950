import { declare, valued } from "../commandLine/declaration";
import { stack, tunnel } from "../commandLine/shared";
import { choice, count } from "../commandLine/values";
import { PLACES } from "../monitor/capture";

export const command = declare({
  name: "capture",
  summary: "one tunnel's packets as pcap: encrypted, inside, or as the packet filter blocked them",
  text: `
    One tunnel's packets, captured on the gateway, in pcap format on standard output, until Ctrl-C.`,
  arguments: { name: tunnel },
  options: {
    on: valued(choice("WHERE", PLACES), "which packets", { default: "outside" }),
    count: valued(
      count("COUNT", "a number of packets", 1, 999_999_999),
      "end after COUNT packets",
      {
        short: "c",
      },
    ),
    stack,
  },
  examples: [
    "./scripts/gateway capture west --on enc0 | wireshark -k -i -",
    "./scripts/gateway capture west -c 20 | tcpdump -n -r -",
  ],
  exit: { ok: "done", failed: "failed" },
});
