/** An IKE SA as `ikectl show sa` prints it. */
export interface IkeSa {
  /** Where it lies in iked's memory: what child SAs and flows refer to. */
  readonly ref: string;
  /** The initiator's SPI, 0x and sixteen digits: how iked's log names the SA. */
  readonly spi: string;
  /** As in the output: with port, IPv6 in brackets. */
  readonly local: string;
  readonly peer: string;
  /**
   * The peer's identity as `ikectl reset id` wants it, such as `FQDN/west.example.net`; of an SA that
   * is not established yet something else or nothing.
   */
  readonly peerId: string;
  readonly state: string;
  readonly initiator: boolean;
  /** Whether a NAT was found between the two. */
  readonly nat: boolean;
}

/** A child SA of iked: one direction. */
export interface ChildSa {
  /** The IKE SA it belongs to. */
  readonly ike: string;
  readonly protocol: string;
  /** 0x and eight hexadecimal digits. */
  readonly spi: string;
  readonly direction: "in" | "out";
  readonly from: string;
  readonly to: string;
  /** Whether the kernel has it. */
  readonly loaded: boolean;
  /** Whether a newer one takes its place. */
  readonly rekeyed: boolean;
}

/** A flow of iked: the networks a child SA of its IKE SA carries. */
export interface IkeFlow {
  readonly ike: string;
  readonly direction: "in" | "out";
  /** `ADDRESS/PREFIX`, as negotiated. */
  readonly from: string;
  readonly to: string;
  /** Our network before its translation: what the kernel's flow has in its place. */
  readonly behind?: string | undefined;
  /** The protocol's number; 0: every protocol. Ports are not shown. */
  readonly protocol: number;
  /** Whether the kernel has it: never with `iface`, whose tunnel has no flows. */
  readonly loaded: boolean;
}

// Forms: iked ikev2.c ikev2_info_sa, ikev2_info_csa, ikev2_info_flow.
const IKE =
  /^iked_sas: (\S+) rspi 0x[0-9a-f]{16} ispi (0x[0-9a-f]{16}) ([^\s<]+?)->([^\s<]+)<(.*)>\[\S*\] (\S+) ([ir])( natt)?(?: udpe(?:n)?cap)? nexti \S+ pol \S+\s*$/;
const CHILD =
  /^\s*sa_childsas: \S+ (\S+) (0x[0-9a-f]+) (in|out) (\S+) -> (\S+) \(([LRAP]*)\) B=\S+ P=\S+ @(\S+)\s*$/;
const FLOW =
  /^\s*sa_flows: \S+ (\S+) (in|out) (\S+\/\d+) -> (\S+\/\d+) (?:\[(\S+)\] )?\[(\d{1,3})\]@-?\d+ \((L?)\) @(\S+)\s*$/;

/** The IKE SA the line shows, or undefined if it shows none. */
export function parseIkeSa(line: string): IkeSa | undefined {
  const fields = IKE.exec(line);
  if (!fields) return undefined;
  const [, ref = "", spi = "", local = "", peer = "", peerId = "", state = "", role, nat] = fields;
  return {
    ref,
    spi,
    local,
    peer,
    peerId,
    state,
    initiator: role === "i",
    nat: nat !== undefined,
  };
}

/** The child SA the line shows, or undefined if it shows none. */
export function parseChildSa(line: string): ChildSa | undefined {
  const fields = CHILD.exec(line);
  if (!fields) return undefined;
  const [, protocol = "", spi = "", direction, from = "", to = "", flags = "", ike = ""] = fields;
  return {
    ike,
    protocol,
    spi,
    direction: direction === "in" ? "in" : "out",
    from,
    to,
    loaded: flags.includes("L"),
    rekeyed: flags.includes("R"),
  };
}

/** The flow the line shows, or undefined if it shows none. */
export function parseIkeFlow(line: string): IkeFlow | undefined {
  const fields = FLOW.exec(line);
  if (!fields) return undefined;
  const [, , direction, from = "", to = "", behind, protocol, flags, ike = ""] = fields;
  return {
    ike,
    direction: direction === "in" ? "in" : "out",
    from,
    to,
    behind,
    protocol: Number(protocol),
    loaded: flags === "L",
  };
}
