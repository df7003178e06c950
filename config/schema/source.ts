import { z } from "zod";
import { knownVersions } from "../releases";
import { identifier, matching, publicKey, text } from "./forms";

const sha256 = matching(/^[0-9a-f]{64}$/, "is not a SHA-256", "write 64 hex digits in lower case");

const image = z.strictObject({
  /** Path on the machine that runs the stack. */
  file: text.meta({ examples: ["openbsd.img"] }),
  /** SHA-256 of the file, 64 hex digits. Default: not checked. */
  sha256: sha256.optional(),
});

const disk = z.strictObject({
  /** The volume in hypervisor.pool. Another name is another disk, and the one before it stays. */
  volume: identifier,
  /** The sealed disk it is copied from (`gateway promote --copy`). Default: it is there already. */
  from: z
    .strictObject({
      /** libvirt connection URI. */
      uri: text,
      pool: identifier,
      volume: identifier,
    })
    .optional(),
  /** SHA-256 of the sealed disk, 64 hex digits. Needed with `from`. */
  sha256: sha256.optional(),
  /** The host key of the gateway that is on it. Needed without `from`. */
  hostKey: publicKey.optional(),
});

const mirror = matching(
  /^https?:\/\/[^/\s]+(\/\S*)?$/,
  "is not the URL of a mirror",
  "write it up to and including pub/OpenBSD, such as https://cdn.openbsd.org/pub/OpenBSD",
);

/** YAML reads 7.9 as a number, and 8.0 as 8. */
const release = z.preprocess(
  (value) => (typeof value === "number" ? value.toFixed(1) : value),
  z.enum(knownVersions).meta({ examples: ["7.9"] }),
);

const iso = z.strictObject({
  /** The release to install; its key, and no other, verifies the ISO. */
  release,
  /** installNN.iso on the machine that runs the stack. Default: fetched from a mirror. */
  file: text.optional(),
  /** Its SHA256.sig. Default: the one beside the file. */
  signature: text.optional(),
  /** Mirrors to fetch from, asked in order. Default: OpenBSD's. */
  mirrors: z.array(mirror).min(1).optional(),
  /** A signify public key instead of OpenBSD's: only for media that you sign yourself. */
  key: text.optional(),
  /** Default 1. A higher number installs anew: the disk is blanked, and everything on it is lost. */
  generation: z.int().min(1).max(9999).default(1),
  /** Lets a new generation replace a protected gateway. Default false. Take it out afterwards. */
  allowReinstall: z.boolean().default(false),
  /**
   * `remastered` (default): a CD made from the verified one, with the answers on it. `stock`: the
   * official CD unchanged, and the answers on a second one.
   */
  path: z.enum(["remastered", "stock"]).default("remastered"),
});

export const source = z.strictObject({
  /** A disk image that is written to the disk when it is made. A change replaces the disk. */
  image: image.optional(),
  /** OpenBSD's installer, from its signed ISO; nobody has to sit at the console. */
  iso: iso.optional(),
  /** A copy of another gateway's disk, or one that was kept. */
  disk: disk.optional(),
});

export type ImageSource = z.output<typeof image>;
export type IsoSource = z.output<typeof iso>;
export type DiskSource = z.output<typeof disk>;

/** Exactly one of them is there (rule GW090). */
export type Source = z.output<typeof source>;
