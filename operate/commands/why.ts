import { declare, valued } from "../commandLine/declaration";
import { json, stack, tunnel } from "../commandLine/shared";
import { file } from "../commandLine/values";

export const command = declare({
  name: "why",
  summary: "why a tunnel does not carry packets, with the evidence and what to do",
  text: `
    Why a tunnel does not carry packets: the phase and the field, the lines that show it, what to do on
    this side, and a sentence for the other side. It compares what is declared, what is live, the
    daemon's log, the packet filter's counters and log, and what arrives while it pings. It says so when
    the cause is not known. Takes about 10 seconds; changes nothing; shows no key.`,
  arguments: { name: tunnel },
  options: {
    "peer-log": valued(
      file,
      "the other side's log of the same time, which shows what ours cannot: Cisco IOS and ASA, FortiGate, " +
        "strongSwan, MikroTik, AWS VPN logs, Palo Alto; - is standard input",
    ),
    json: json("why"),
    stack,
  },
  examples: [
    "./scripts/gateway why west",
    "./scripts/gateway why west --peer-log ~/from-their-admin.txt",
  ],
  exit: {
    ok: "nothing is wrong, or it is meant to be down",
    failed: "a cause was found, or it is not known",
  },
});
