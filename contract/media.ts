import { z } from "zod";
import { addressOf, family, inside, parseAddress, parseNetwork } from "../config/net";
import { poolVolume } from "./libvirt";
import type { Value } from "./types";

/** Speeds the installer offers for the serial console, bit/s. */
export const SERIAL_SPEEDS = [9600, 19200, 38400, 57600, 115200] as const;

const word = (form: RegExp, what: string) => z.string().regex(form, what);

const address = z
  .string()
  .refine((text) => parseAddress(text) !== undefined && family(text) === 4, {
    message: "is not an IPv4 address",
  });

const networkInterface = z.strictObject({
  name: word(/^[a-z]+[0-9]+$/, "is not an interface name such as vio0"),
  address: z
    .string()
    .refine((text) => text === "dhcp" || (family(text) === 4 && parseNetwork(text) !== undefined), {
      message: "is neither an IPv4 address with its prefix, such as 192.0.2.10/24, nor dhcp",
    }),
});

/** One line of authorized_keys, options allowed. A private key never has this form. */
const publicKey = word(
  /^([^\r\n]* )?(ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*( [^\r\n]*)?$/,
  "is not an SSH public key on one line",
);

/** What an install medium is made for: what `gateway iso build --values` takes. Nothing in it is secret. */
export const mediumValues = z
  .strictObject({
    /** Host name, short form. */
    hostname: word(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is not a short host name"),
    /** DNS domain. Default: DHCP's, or my.domain. */
    domain: word(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, "is not a domain").optional(),
    interfaces: z.array(networkInterface).min(1),
    /** Default router, IPv4. Needed with a static address unless there is to be none. */
    gateway: address.optional(),
    dns: z.array(address).default([]),
    /** Who may log in as root. */
    sshPublicKeys: z.tuple([publicKey], publicKey),
    /** Disk to install on. Default sd0, which virtio and SCSI disks are. */
    disk: word(/^[sw]d[0-9]+$/, "is not a disk such as sd0").default("sd0"),
    /** Size of that disk, GiB. Default 20. */
    diskGiB: z.int().min(1).default(20),
    /** Changes to the installer's selection (all). Default: no X, games and compilers. */
    sets: z
      .array(word(/^[+-][a-z0-9*.]+$/, "is no change to the selection, such as -x* or +comp*"))
      .default(["-x*", "-game*", "-comp*"]),
    /** com0, bit/s. Default 115200. */
    serialSpeed: z.literal(SERIAL_SPEEDS).default(115200),
    /** As in /usr/share/zoneinfo. Default UTC. */
    timezone: word(/^[A-Za-z0-9+_-]+(\/[A-Za-z0-9+_-]+)*$/, "is not a time zone").default("UTC"),
  })
  .check(({ value: { gateway, interfaces }, issues }) => {
    const fixed = interfaces.filter((one) => one.address !== "dhcp");
    if (gateway === undefined || fixed.length === 0) return;
    const onLink = fixed.some((one) => inside(gateway, [one.address]));
    const itself = fixed.some((one) => addressOf(one.address) === gateway);
    const message = itself ? "is this machine's own address" : "is in no network of an interface";
    if (!onLink || itself)
      issues.push({ code: "custom", message, path: ["gateway"], input: gateway });
  });

/** Whose signature was checked: OpenBSD's own, or the key that the configuration names. */
const signer = z.enum(["openbsd", "config"]);

/** What `gateway iso fetch --json` prints. */
export const isoFetched = z.object({
  release: z.string(),
  key: signer,
  /** Path of the ISO, and of its SHA256.sig. */
  iso: z.string(),
  signature: z.string(),
  sha256: z.string(),
  /** It was here already. */
  cached: z.boolean(),
});

/** What `gateway iso verify --json` prints. */
export const isoVerified = isoFetched.omit({ signature: true, cached: true });

/** What `gateway iso build --json` prints without a pool. */
export const isoBuilt = z.object({
  release: z.string(),
  key: signer,
  /** Path of the image; its name holds a hash of everything that went into it. */
  file: z.string(),
  /** False if it was there already. */
  built: z.boolean(),
});

/** What `gateway iso build --pool --json` prints: what the installer boots and reads. */
export const isoProvided = z.object({
  release: z.string(),
  key: signer,
  /** Of the official ISO. */
  sha256: z.string(),
  cds: z.array(poolVolume),
  /** How long it took to make them and to get them there. */
  seconds: z.object({ media: z.number(), upload: z.number() }),
});

/** What the installation works from. */
export const media = isoProvided.pick({ cds: true, seconds: true });

export type MediumValues = z.output<typeof mediumValues>;
export type WrittenValues = z.input<typeof mediumValues>;
export type Media = Value<typeof media>;
export type IsoFetched = Value<typeof isoFetched>;
export type IsoVerified = Value<typeof isoVerified>;
export type IsoBuilt = Value<typeof isoBuilt>;
export type IsoProvided = Value<typeof isoProvided>;
