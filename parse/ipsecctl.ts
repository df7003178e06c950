/** One line of `ipsecctl -s flow`. */
export interface Flow {
  readonly protocol: string;
  /** Of a flow `in`, `from` is the remote side. `?` is what ipsecctl prints for an unknown one. */
  readonly direction: "in" | "out" | "?";
  readonly from: string;
  readonly to: string;
  readonly local?: string | undefined;
  readonly peer?: string | undefined;
  /** isakmpd prints bare or `ADDRESS/32` identities, iked `TYPE/VALUE`. */
  readonly srcid?: string | undefined;
  readonly dstid?: string | undefined;
  /** `require`, `use`, `bypass` …; `?` if unknown. */
  readonly type: string;
}

/** One line of `ipsecctl -s sa`. Never holds a key. */
export interface SecurityAssociation {
  readonly protocol: string;
  readonly mode?: string | undefined;
  readonly from: string;
  readonly to: string;
  /** 0x and eight hexadecimal digits, lower case. */
  readonly spi: string;
  readonly integrity?: string | undefined;
  /** As ipsecctl prints it: `aes` is AES-128. */
  readonly encryption?: string | undefined;
}

// Forms: ipsecctl.c ipsecctl_print_flow, pfkdump.c print_sa.
const HOST = String.raw`(?:\{ [^}]* \}|\S+)`;
const FLOW = new RegExp(
  String.raw`^(?:@\d+(?:,\d+)* )?flow (?<protocol>\S+) (?<direction>in|out|\?)(?: proto \S+)?` +
    String.raw` from (?<from>${HOST})(?: port \S+)? to (?<to>${HOST})(?: port \S+)?` +
    String.raw`(?: local (?<local>\S+))?(?: peer (?<peer>\S+))?` +
    String.raw`(?: srcid (?<srcid>.*?))?(?: dstid (?<dstid>.*?))?(?: (?:psk|rsa))?` +
    String.raw` type (?<type>use|acquire|require|deny|bypass|dontacq|\?)$`,
);
const SA = new RegExp(
  String.raw`^(?:@\d+ )?(?<protocol>esp|ah|ipcomp|tcpmd5|ipip)(?: (?<mode>tunnel|transport))?` +
    String.raw` from (?<from>\S+) to (?<to>\S+) spi (?<spi>0x[0-9a-f]{8})` +
    String.raw`(?: auth (?<integrity>\S+))?(?: enc (?<encryption>\S+))?(?: comp \S+)?(?: \\)?$`,
);

/** The flow the line shows, or undefined if it shows none. */
export function parseFlow(line: string): Flow | undefined {
  const groups = FLOW.exec(line)?.groups;
  if (!groups) return undefined;
  const { protocol = "", direction = "", from = "", to = "", type = "" } = groups;
  const { local, peer, srcid, dstid } = groups;
  return {
    protocol,
    direction: direction === "in" || direction === "out" ? direction : "?",
    from,
    to,
    local,
    peer,
    srcid,
    dstid,
    type,
  };
}

/** The security association the line shows, or undefined if it shows none. */
export function parseSa(line: string): SecurityAssociation | undefined {
  const groups = SA.exec(line)?.groups;
  if (!groups) return undefined;
  const { protocol = "", mode, from = "", to = "", spi = "", integrity, encryption } = groups;
  return { protocol, mode, from, to, spi, integrity, encryption };
}
