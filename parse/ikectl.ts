/** An IKE SA as `ikectl show sa` prints it. */
export interface IkeSa {
  /** As in the output: with port, IPv6 in brackets. */
  readonly local: string;
  readonly peer: string;
  /** The peer's identity as `ikectl reset id` wants it, such as `FQDN/west.example.net`. */
  readonly peerId: string;
  readonly state: string;
  readonly initiator: boolean;
  /** Whether a NAT was found between the two. */
  readonly nat: boolean;
}

/** A child SA of iked: one direction. */
export interface ChildSa {
  readonly protocol: string;
  readonly spi: string;
  readonly direction: "in" | "out";
  readonly from: string;
  readonly to: string;
  /** Whether the kernel has it. */
  readonly loaded: boolean;
}

// Forms: iked ikev2.c ikev2_info_sa, ikev2_info_csa.
const IKE =
  /^iked_sas: \S+ rspi 0x[0-9a-f]{16} ispi 0x[0-9a-f]{16} (\S+)->(\S+)<(.*)>\[\S*\] (\S+) ([ir])( natt)?(?: udpe(?:n)?cap)? nexti \S+ pol \S+$/;
const CHILD =
  /^\s*sa_childsas: \S+ (\S+) (0x[0-9a-f]+) (in|out) (\S+) -> (\S+) \(([LRAP]*)\) B=\S+ P=\S+ @\S+$/;

/** The IKE SA the line shows, or undefined if it shows none. */
export function parseIkeSa(line: string): IkeSa | undefined {
  const fields = IKE.exec(line);
  if (!fields) return undefined;
  const [, local = "", peer = "", peerId = "", state = "", role, nat] = fields;
  return { local, peer, peerId, state, initiator: role === "i", nat: nat !== undefined };
}

/** The child SA the line shows, or undefined if it shows none. */
export function parseChildSa(line: string): ChildSa | undefined {
  const fields = CHILD.exec(line);
  if (!fields) return undefined;
  const [, protocol = "", spi = "", direction, from = "", to = "", flags = ""] = fields;
  return {
    protocol,
    spi,
    direction: direction === "in" ? "in" : "out",
    from,
    to,
    loaded: flags.includes("L"),
  };
}
