import { z } from "zod";
import { authority } from "./authority";
import { pem } from "./forms";
import { ALL_DEFAULTS } from "./meta";

/** Named sets of algorithms, strongest first; what each is made of is in profiles.ts. */
export const profileName = z.enum(["pq", "modern", "compat", "legacy-v1"]);

const certificates = z
  .strictObject({
    authority: authority.optional().meta({
      description:
        "An authority that the stack keeps, in place of the other three ([authentication](authentication.md#an-authority-that-the-stack-keeps)). It signs the gateway's certificate, and the peers' by their `peerRequest`.",
      absent: "none: `ca` is required",
    }),
    ca: pem.optional().meta({
      description:
        "The authorities that the peers' certificates are believed for, and the gateway's own one's: PEM, each up to its root.",
      absent: "those of `authority`, which is required without it",
      change: "holds from the next authentication on: what is up stays up",
    }),
    own: pem.optional().meta({
      description:
        "The gateway's certificate, PEM: the authority's answer to the output `certificateRequest`.",
      absent:
        "with `authority` it is signed by that one; otherwise none, and every tunnel with `auth: certificate` has to have `enabled: false`",
      change: "holds from the next authentication on: what is up stays up",
    }),
    crl: pem.optional().meta({
      description:
        "Lists of revoked certificates, PEM: one of each authority, or none at all. One that has expired shuts out every peer.",
      absent: "no certificate is taken for revoked",
      change:
        "holds from the next authentication on: `gateway tunnel restart` ends what a revoked one has up",
    }),
  })
  .meta({
    description: "Certificates, for tunnels with `auth: certificate`.",
    examples: [{ ca: "-----BEGIN CERTIFICATE-----\n...", own: "-----BEGIN CERTIFICATE-----\n..." }],
  });

export const ike = z
  .strictObject({
    daemon: z.enum(["iked", "isakmpd"]).default("iked").meta({
      description:
        "`iked` speaks IKEv2. `isakmpd` speaks IKEv1, for peers that know nothing newer. A gateway runs one of them.",
      change:
        "takes every tunnel down and negotiates it anew with the other IKE version ([safety](safety.md#the-daemon))",
    }),
    deadPeerSeconds: z.int().min(5).max(3600).default(30).meta({
      description: "Silence after which the daemon asks a peer whether it is alive.",
      unit: "seconds",
    }),
    profile: profileName.default("modern").meta({
      description: "Algorithms of every tunnel that names none ([profiles](crypto.md#profiles)).",
      change: "renegotiates every tunnel without a `profile` or phases of its own",
    }),
    fragmentation: z.boolean().default(true).meta({
      description:
        "Whether iked splits large IKE messages itself (RFC 7383). Without it, a path that drops IP fragments makes a peer with a large key exchange look dead.",
    }),
    certificates: certificates.optional().meta({
      description:
        "For tunnels with `auth: certificate` ([authentication](authentication.md#certificates)). None of it is secret: the private key is made on the gateway, and stays there.",
      absent: "none; required with `auth: certificate`",
    }),
  })
  .meta({
    description: "The IKE daemon, and what holds for all tunnels.",
    absent: ALL_DEFAULTS,
    examples: [{ daemon: "iked", deadPeerSeconds: 30, profile: "modern" }],
  });

export type Certificates = z.output<typeof certificates>;
export type Ike = z.output<typeof ike>;
export type Daemon = Ike["daemon"];
export type ProfileName = z.output<typeof profileName>;
