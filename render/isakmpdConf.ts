import { outsideAddress } from "../config/arms";
import { addressOf } from "../config/net";
import type { StackConfig } from "../config/schema";
import { lines, MANAGED } from "./text";

/**
 * /etc/isakmpd/isakmpd.conf: what ipsec.conf(5) has no words for. Dead peers are not looked for by
 * default, and a `local` address in a rule does not choose what isakmpd binds to (isakmpd.conf(5)).
 */
export function isakmpdConf({ network, ike }: StackConfig): string {
  return lines(
    MANAGED,
    "[General]",
    `Listen-on=\t\t${addressOf(outsideAddress(network))}`,
    `DPD-check-interval=\t${ike.deadPeerSeconds}`,
  );
}
