import { z } from "zod";
import { calendarDate, configKey, identity, name, port, sentence } from "./forms";
import { profileName } from "./ike";
import { phase1, phase2, type Phase1, type Phase2 } from "./phases";

/** What is known of the device at the other end: limits of its key, quirks of its selectors. */
export const vendor = z.enum([
  "cisco-ios",
  "cisco-asa",
  "strongswan",
  "fortigate",
  "mikrotik",
  "aws",
  "other",
]);

/** One kind of packets that the selectors let through. */
const traffic = z.strictObject({
  protocol: z.enum(["tcp", "udp", "icmp", "icmp6", "gre"]),
  /** Port on our side; tcp and udp only. Default any. */
  localPort: port.optional(),
  /** Port on the peer's side; tcp and udp only. Default any. */
  remotePort: port.optional(),
});

/** The interface of a route-based tunnel (sec(4), OpenBSD 7.4). */
const sec = z.strictObject({
  /** N of secN. Each tunnel its own. */
  unit: z.int().min(0).max(999),
  /** Our address on the interface with its prefix. */
  address: z.string().meta({ examples: ["169.254.10.2/30"] }),
  /** The peer's address on it, to which the remote networks are routed. */
  peerAddress: z.string().meta({ examples: ["169.254.10.1"] }),
  /** Bytes. Default 1400, which ESP in UDP over a 1492 byte link can carry; sec(4)'s own is 1280. */
  mtu: z.int().min(1280).max(9000).default(1400),
});

export const tunnel = z.strictObject({
  /** Name of the resource, of the file on the gateway and of the pf tag `vpn-NAME`. */
  name: name(31).meta({ examples: ["west"] }),
  /** The peer's public address. Names are not accepted: pf and the perimeter need the address. */
  peer: z.string().meta({ examples: ["198.51.100.11"] }),
  /** Default other. */
  vendor: vendor.default("other"),
  /** Networks on our side, CIDR. Every local network reaches every remote one of its family. */
  local: z
    .array(z.string())
    .min(1)
    .meta({ examples: [["10.10.0.0/24"]] }),
  /** Networks on the peer's side, CIDR. Never leave the gateway in clear, also when disabled. */
  remote: z
    .array(z.string())
    .min(1)
    .meta({ examples: [["10.20.1.0/24"]] }),
  /**
   * `policy` negotiates the networks themselves. `route` negotiates 0/0, as VTI and cloud gateways
   * want, and routes `remote` into an interface secN. Default policy. A change replaces the SAs.
   */
  kind: z.enum(["policy", "route"]).default("policy"),
  /** The interface of a tunnel of kind `route`. */
  sec: sec.optional(),
  /** Only these packets enter the tunnel. Default: everything between the networks. */
  traffic: z.array(traffic).min(1).optional(),
  /** Our network appears to the peer as this one address (source NAT), which it takes for ours. */
  nat: z.strictObject({ address: z.string().meta({ examples: ["10.99.0.1"] }) }).optional(),
  /** Who we say we are. Default network.publicAddress, which also fits behind a NAT. */
  localId: identity.optional(),
  /** Who the peer must say it is. Default: its address. */
  remoteId: identity.optional(),
  /** `active` starts the negotiation, `passive` waits for the peer. Default active. */
  mode: z.enum(["active", "passive"]).default("active"),
  /** Named set of algorithms. Default ike.profile. */
  profile: profileName.optional(),
  /** IKE SA. Default: the profile's. */
  phase1: phase1.optional(),
  /** Child SA (ESP). Default: the profile's. */
  phase2: phase2.optional(),
  /** Allows algorithms weaker than profile `compat`, until the end of a day (UTC). */
  exception: z.strictObject({ reason: sentence, expires: calendarDate }).optional(),
  /** Name of the secret stack config key that holds the pre-shared key. Default: one is generated. */
  psk: configKey.optional(),
  /** A higher number makes a new generated key. Default 1. Both ends need it at the same time. */
  pskGeneration: z.int().min(1).max(1_000_000).default(1),
  /** A ping that proves the tunnel: from an address in `local` to one in `remote`. */
  probe: z.strictObject({ source: z.string(), target: z.string() }).optional(),
  /** Whether the gateway resets the tunnel when the probe stays unanswered. Default true. */
  watchdog: z.boolean().default(true),
  /** Default true. A disabled tunnel keeps its file, is not loaded, and its networks stay guarded. */
  enabled: z.boolean().default(true),
});

export type Vendor = z.output<typeof vendor>;
export type Traffic = z.output<typeof traffic>;
export type Sec = z.output<typeof sec>;

/** A tunnel as written, before the defaults that depend on other values. */
export type TunnelDeclaration = z.output<typeof tunnel>;

export interface Tunnel extends Omit<TunnelDeclaration, "phase1" | "phase2" | "profile"> {
  readonly localId: string;
  readonly remoteId: string;
  readonly profile: z.output<typeof profileName>;
  readonly phase1: Phase1;
  readonly phase2: Phase2;
}
