import { z } from "zod";
import { sections } from "../config/schema";
import { applied } from "./applied";
import { gatewaySsh, perimeter } from "./perimeter";
import { proof, provable } from "./proof";
import { deployedTunnel, ikeVersion, tunnel } from "./tunnel";
import type { Value } from "./types";

/** Who and where the gateway is, and how the operator's commands log in. */
const gateway = z.object({
  name: z.string(),
  /** Where it is reached over SSH. */
  address: z.string(),
  /** Where it speaks IKE from, if that is another one. */
  outsideAddress: z.string().optional(),
  publicAddress: z.string(),
  /** Type and key, as in known_hosts: what every SSH connection to the gateway is pinned to. */
  hostKey: z.string(),
  daemon: sections.ike.shape.daemon.unwrap(),
  ikeVersion,
  /** Of `ike`: the other end detects a dead peer as soon as the gateway. */
  deadPeerSeconds: sections.ike.shape.deadPeerSeconds.unwrap(),
  /** Where the peers' packets arrive. */
  interface: z.string(),
  behindNat: z.boolean(),
  ssh: gatewaySsh,
});

/** The errata of the gateway's release. */
const errata = z.object({
  /** Names such as 009_iked, oldest first. */
  installed: z.array(z.string()),
  missing: z.array(z.string()),
  /** Why it is not known what is missing: the mirror did not tell. */
  unknown: z.string().optional(),
});

/** How the gateway was installed. */
const installation = z.object({
  /** Seconds by phase. */
  seconds: z.object({
    media: z.number(),
    upload: z.number(),
    install: z.number(),
    firstBoot: z.number(),
  }),
  /** Everything the console said, a file on the machine that ran the installation. */
  transcript: z.string(),
});

/**
 * What ends on a day, of the gateway's own certificate, the authorities, their lists of revoked ones, and the peers'
 * certificates that the stack's authority has signed.
 */
const certificate = z.object({
  kind: z.enum(["own", "ca", "crl", "peer"]),
  /** Such as `/O=Example/CN=gw`; of a list its issuer. */
  subject: z.string(),
  ends: z.iso.datetime(),
  /** Who has signed it. Absent: an earlier version brought the stack up last. */
  issuer: z.string().optional(),
});

/** What the authority that the stack keeps has signed; serial numbers as `ike.certificates.authority.revoked` takes them. */
const kept = z.object({
  /** Of the gateway's certificate. */
  serial: z.string(),
  /** Its list of revoked ones, PEM, for peers that are to read it; absent while there are none. */
  crl: z.string().optional(),
  /** By tunnel: the certificate for the peer, PEM. None of a peer whose certificate is revoked. */
  peers: z.array(z.object({ tunnel: z.string(), serial: z.string(), pem: z.string() })),
});

const certificates = z.object({
  /** The authorities, PEM, which the peers have to believe as well. */
  ca: z.string(),
  ends: z.array(certificate),
  /** The serials of what each list revokes, in hex without leading zeros, by the authority's name. */
  revoked: z.array(z.object({ issuer: z.string(), serials: z.array(z.string()) })),
  /** Absent without an authority that the stack keeps. */
  kept: kept.optional(),
});

/** The stack's outputs: index.ts writes them, the operator's commands and the lab read them. */
export const stackOutputs = z.object({
  gateway,
  /** One entry per declared tunnel, with every default filled in. */
  tunnels: z.array(tunnel),
  /** The machines around the gateway: forwards, routes, and how to reach them. */
  perimeter,
  /** Errata, as of the last time their step ran; absent with system.patches: off. */
  patches: errata.optional(),
  /** Absent when the disk was filled from an image or a copy. */
  installation: installation.optional(),
  /**
   * The gateway's own public key, PEM, to hand to the peers of tunnels with `auth: publickey`; absent without
   * one. The private half never leaves the gateway.
   */
  publicKey: z.string().optional(),
  /**
   * A request for the gateway's certificate, PEM, for the authority to sign; absent without a tunnel with
   * `auth: certificate`.
   */
  certificateRequest: z.string().optional(),
  /** Absent where the stack declares none. */
  certificates: certificates.optional(),
  /** Secret: the preshared keys by tunnel name, to hand to the other side. */
  presharedKeys: z.record(z.string(), z.string()),
  /** Secret: what is on the gateway now, in hashes, for `gateway drift`. */
  applied,
  /** What a proof of this stack says (docs/promotion.md). */
  provable,
  /** The last one that was recorded. */
  proof: proof.optional(),
});

/** What the operator's commands work from. No secret. */
export const deployedOutputs = stackOutputs
  .pick({ gateway: true, perimeter: true, publicKey: true, certificates: true })
  // Absent: an earlier version brought the stack up last.
  .partial({ perimeter: true })
  .extend({
    gateway: gateway.extend({ deadPeerSeconds: sections.ike.shape.deadPeerSeconds }),
    tunnels: z.array(deployedTunnel),
  });

export type GatewayOutput = Value<typeof gateway>;
export type CertificatesOutput = Value<typeof certificates>;
export type Errata = Value<typeof errata>;
export type InstallationOutput = Value<typeof installation>;
/** As this version writes them. */
export type WrittenOutputs = Value<typeof stackOutputs>;
/** As any version has written them. */
export type StackOutputs = Value<typeof deployedOutputs>;
