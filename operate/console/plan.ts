import { z } from "zod";
import { parseJsonValues } from "../jsonValues";

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "is not a usable name");
const volume = z.strictObject({ pool: name, volume: name });

const schema = z.strictObject({
  /** libvirt connection URI. */
  uri: z.string().min(1),
  /** The domain's name; there must be none of it. */
  name,
  /** Sets how long each step may take: `qemu` is emulated. Default kvm. */
  domainType: z.enum(["kvm", "qemu"]).default("kvm"),
  memoryMiB: z.int().min(64),
  vcpus: z.int().min(1).default(1),
  bridge: name,
  mac: z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, "is not a MAC address in lower case"),
  tcgBufferMiB: z.int().optional(),
  /** What is installed on. Everything on it is lost. */
  disk: volume,
  /** The install CD, and for `stock` the one with the answers. */
  cds: z.array(volume).min(1).max(2),
  /** Default remastered. */
  path: z.enum(["remastered", "stock"]).default("remastered"),
  /** Seconds that making and uploading the CD took, to be told with the rest. */
  before: z.strictObject({ media: z.number(), upload: z.number() }).optional(),
});

/** What is installed where. Nothing in it is secret. */
export type Plan = z.output<typeof schema>;

/** @throws Refusal naming everything that is wrong. */
export function parsePlan(json: string, origin: string): Plan {
  return parseJsonValues(json, origin, () => schema);
}
