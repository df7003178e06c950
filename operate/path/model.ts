import type { Flow } from "../../parse/flows";
import type { SaDetail } from "../../parse/ipsecctlVerbose";
import type { StateLine } from "../../render/perimeter/marks";

/** The largest packet with DF that came back through a tunnel, in bytes with its IP header. */
export interface PathMtu {
  readonly name: string;
  /** 0: not even a small one was answered. */
  readonly bytes: number;
}

/** What the gateway told. */
export interface GatewayEvidence {
  readonly flows: readonly Flow[];
  /** Upper limit of TCP's segments by interface; IPv4. */
  readonly clamps: ReadonlyMap<string, number>;
  /** The same for IPv6. */
  readonly clamps6: ReadonlyMap<string, number>;
  readonly mtus: readonly PathMtu[];
  readonly sas: readonly SaDetail[];
}

/** What the firewall told. */
export interface PerimeterEvidence {
  /** Of each forward, by its name. */
  readonly forwards: ReadonlyMap<string, readonly StateLine[]>;
  /** Absent: it cannot say which flows it tracks. */
  readonly flows?: readonly Flow[] | undefined;
}

/** One datagram that was sent to one of the ports, and how it came to the gateway. */
export interface Probe {
  readonly from: "perimeter" | "outside";
  readonly port: number;
  /** What it was sent with. */
  readonly source: { readonly host: string; readonly port: number };
  /** What it arrived with; absent: it did not arrive. */
  readonly arrived?: { readonly host: string; readonly port: number } | undefined;
}

export interface Evidence {
  readonly gateway: GatewayEvidence;
  /** A text: why the firewall could not be asked. Absent: there is none that the stack drives. */
  readonly perimeter?: PerimeterEvidence | string | undefined;
  readonly probes: readonly Probe[];
  /** Why no probe was sent from a place, e.g. `perimeter: neither perl nor nc is there`. */
  readonly silent: readonly string[];
}
