import { z } from "zod";
import { sections, tunnelSchema } from "../../config/schema";
import type { Value } from "../types";

const daemon = sections.ike.shape.daemon.unwrap();
const traffic = tunnelSchema.shape.traffic.unwrap().element;

/**
 * - proven: a probe crossed the tunnel both ways, just now
 * - established: both ends agreed on every SA, but nothing was seen to cross it
 * - negotiating: the daemon is at it
 * - down: nothing there, though it should be
 * - disabled: not wanted, by declaration or by hand
 * - unmanaged: live on the gateway, but not declared
 * - unknown: the gateway did not tell
 */
export const tunnelState = z.enum([
  "proven",
  "established",
  "negotiating",
  "down",
  "disabled",
  "unmanaged",
  "unknown",
]);

/** The pair of SAs that carries one pair of networks. */
const childSa = z.object({
  spiIn: z.string(),
  spiOut: z.string(),
  /** OpenBSD's full name, such as `aes-256`. */
  encryption: z.string(),
  integrity: z.string().optional(),
  group: z.string().optional(),
  ageSeconds: z.number().optional(),
  /** Until the SA ends if it is not made anew before. */
  expiresSeconds: z.number().optional(),
  bytesIn: z.number().optional(),
  bytesOut: z.number().optional(),
  packetsIn: z.number().optional(),
  packetsOut: z.number().optional(),
  /** Since a packet last used the SA, in either direction. */
  idleSeconds: z.number().optional(),
});

const selector = z.object({
  /** Our network, before NAT. */
  local: z.string(),
  remote: z.string(),
  /** What alone the pair carries. */
  traffic: z.object(traffic.shape).optional(),
  state: tunnelState,
  childSa: childSa.optional(),
});

const ikeSa = z.object({
  ageSeconds: z.number().optional(),
  encryption: z.string().optional(),
  integrity: z.string().optional(),
  prf: z.string().optional(),
  group: z.string().optional(),
  /** Whether a NAT was found between the two ends. */
  natt: z.boolean().optional(),
  /** As the daemon prints it, such as `FQDN/west.example.net`. */
  peerId: z.string().optional(),
  /** Where the peer is seen, which of one with `peer: any` nothing else tells. */
  peerAddress: z.string().optional(),
});

/** Of several proposals the one that the SA was made by; the first is the preferred one. */
const chosenProposal = z.object({ number: z.number(), of: z.number() });

const phaseUse = z.object({
  /** How many proposals the phase has. */
  of: z.number(),
  /** The last day, UTC, on which the gateway saw an SA of a proposal. */
  used: z.array(z.object({ number: z.number(), last: z.iso.date() })),
  /** The last day of an SA of which the gateway's log no longer told by which proposal it was made. */
  untold: z.iso.date().optional(),
  /**
   * Older proposals to remove: for seven days or more nobody chose one of them, and on the last of these days a
   * preferred one was in use.
   */
  unused: z.array(z.number()),
});

const probe = z.object({
  source: z.string(),
  target: z.string(),
  ok: z.boolean(),
  rttMs: z.number().optional(),
  lossPercent: z.number().optional(),
  /** Why no packet could be sent, such as a source that the gateway does not have. */
  error: z.string().optional(),
  at: z.iso.datetime(),
});

const tunnel = z.object({
  name: z.string(),
  peer: z.string(),
  /** Where the gateway has the peer, which is given by name. */
  peerAddress: z.string().optional(),
  daemon,
  state: tunnelState,
  /** Since when the gateway has the SAs that it has now. */
  since: z.iso.datetime().optional(),
  selectors: z.array(selector),
  ikeSa: ikeSa.optional(),
  /** Of phases with several proposals, as far as it is known. */
  chosen: z
    .object({ phase1: chosenProposal.optional(), phase2: chosenProposal.optional() })
    .optional(),
  /** Of phases with several proposals: what the watchdog saw from one day to the other, on each of them. */
  proposals: z
    .object({
      since: z.iso.date(),
      looked: z.iso.date(),
      phase1: phaseUse.optional(),
      phase2: phaseUse.optional(),
    })
    .optional(),
  probe: probe.optional(),
  /** Of a tunnel to the same networks as others. */
  group: z
    .object({
      name: z.string(),
      priority: z.number(),
      /** Whether the kernel sends the group's packets into this tunnel. */
      carries: z.boolean(),
      /** False while the watchdog has taken its routes out. */
      routed: z.boolean(),
      /** When the watchdog last changed that, and why. */
      since: z.iso.datetime().optional(),
      reason: z.string().optional(),
    })
    .optional(),
  /** Taken down with `tunnel down`, against the declaration. */
  byHand: z.literal("down").optional(),
  /** How what is live differs from what is declared, one sentence each. */
  differs: z.array(z.string()),
  watchdog: z
    .object({
      resets: z.number(),
      lastReset: z.iso.datetime().optional(),
      reason: z.string().optional(),
    })
    .optional(),
});

/** Something that ends on a day. */
const certificate = z.object({
  kind: z.enum(["own", "ca", "crl", "peer"]),
  /** Of the certificate; of a list of revoked ones its authority. */
  subject: z.string(),
  ends: z.iso.datetime(),
  /** Whole days until then; negative once it has ended. */
  days: z.number(),
  /** Who has signed it; absent where an earlier version brought the stack up last. */
  issuer: z.string().optional(),
  /** Whether the authority that the stack keeps has signed it. */
  kept: z.boolean(),
});

/** What `gateway status --json` prints. */
export const status = z.object({
  /** When the gateway was asked. */
  at: z.iso.datetime(),
  gateway: z.object({
    name: z.string(),
    address: z.string(),
    daemon: z.string(),
    uptimeSeconds: z.number().optional(),
    /** Absent where the watchdog never found the daemon dead. */
    watchdog: z
      .object({
        /** How often the watchdog started the daemon, or tried to. */
        starts: z.number(),
        lastStart: z.iso.datetime(),
        /** What came of the last start. */
        reason: z.string(),
      })
      .optional(),
  }),
  /**
   * The gateway's certificate, the authorities and their lists, and what the stack's authority has signed for
   * peers, as the last `pulumi up` left them; absent without any.
   */
  certificates: z.array(certificate).optional(),
  tunnels: z.array(tunnel),
  /** What is wrong with the gateway as a whole, one sentence each. */
  problems: z.array(z.string()),
});

export type TunnelState = z.output<typeof tunnelState>;
export type ChildSaStatus = Value<typeof childSa>;
export type SelectorStatus = Value<typeof selector>;
export type IkeSaStatus = Value<typeof ikeSa>;
export type ChosenProposal = Value<typeof chosenProposal>;
export type PhaseUse = Value<typeof phaseUse>;
export type ProbeStatus = Value<typeof probe>;
export type TunnelStatus = Value<typeof tunnel>;
export type CertificateStatus = Value<typeof certificate>;
export type GatewayStatus = Value<typeof status>;
