import type { Facts } from "../../../../operate/why/facts";
import type { TunnelStatus } from "../../../../contract/documents/status";
import { parseLogLine } from "../../../../parse/daemonLog";
import { declared, deployed } from "./deployed";

export const west = declared("west", 1);

export const down: TunnelStatus = {
  name: "west",
  peer: "198.51.100.11",
  daemon: "iked",
  state: "down",
  selectors: [],
  differs: [],
};

/** What is known of tunnel west where a daemon has logged these messages. */
export function facts(
  more: Partial<Facts>,
  messages: readonly string[] = [],
  program = "iked",
): Facts {
  return {
    gateway: deployed.gateway,
    tunnel: west,
    anyPeers: [],
    within: [],
    status: down,
    interfaceProblems: [],
    exceptionsMissing: [],
    problems: [],
    record: "up",
    daemonRuns: true,
    icmp: [],
    ike: [],
    pflog: [],
    log: messages.flatMap(
      (message, i) =>
        parseLogLine(`Nov 24 00:0${Math.floor(i / 10)}:1${i % 10} gw ${program}[7]: ${message}`) ??
        [],
    ),
    ...more,
  };
}
