import type { Flow, SecurityAssociation } from "../contract/documents/kernel";

// Forms: ipsecctl.c ipsecctl_print_flow, ipsecctl_print_sa.
const HOST = String.raw`(?:\{ [^}]* \}|\S+)`;
const FLOW = new RegExp(
  String.raw`^(?:@\d+(?:,\d+)* )?flow (?<protocol>\S+) (?<direction>in|out|\?)(?: proto (?<carries>\S+))?` +
    String.raw` from (?<from>${HOST})(?: port (?<fromPort>\S+))?` +
    String.raw` to (?<to>${HOST})(?: port (?<toPort>\S+))?` +
    String.raw`(?: local (?<local>\S+))?(?: peer (?<peer>\S+))?` +
    String.raw`(?: srcid (?<srcid>.*?))?(?: dstid (?<dstid>.*?))?(?: (?:psk|rsa))?` +
    String.raw` type (?<type>use|acquire|require|deny|bypass|dontacq|\?)\s*$`,
);
const SA = new RegExp(
  String.raw`^(?:@\d+ )?(?<protocol>esp|ah|ipcomp|tcpmd5|ipip)(?: (?<mode>tunnel|transport))?` +
    String.raw` from (?<from>\S+) to (?<to>\S+) spi (?<spi>0x[0-9a-f]{8})` +
    String.raw`(?: auth (?<integrity>\S+))?(?: enc (?<encryption>\S+))?(?: comp \S+)?(?: \\)?\s*$`,
);

/** The flow the line shows, or undefined if it shows none. */
export function parseFlow(line: string): Flow | undefined {
  const groups = FLOW.exec(line)?.groups;
  if (!groups) return undefined;
  const { protocol = "", direction = "", from = "", to = "", type = "" } = groups;
  const { carries, fromPort, toPort, local, peer, srcid, dstid } = groups;
  return {
    protocol,
    direction: direction === "in" || direction === "out" ? direction : "?",
    from,
    to,
    carries,
    fromPort,
    toPort,
    local,
    peer,
    srcid,
    dstid,
    type,
  };
}

/** The SA the line shows, or undefined if it shows none. */
export function parseSa(line: string): SecurityAssociation | undefined {
  const groups = SA.exec(line)?.groups;
  if (!groups) return undefined;
  const { protocol = "", mode, from = "", to = "", spi = "", integrity, encryption } = groups;
  return { protocol, mode, from, to, spi, integrity, encryption };
}
