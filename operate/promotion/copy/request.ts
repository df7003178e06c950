import { z } from "zod";
import { parseJsonValues } from "../../jsonValues";
import type { AdoptRequest } from "./adopt";
import type { KeptRequest } from "./kept";

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "is not a usable name");
const disk = z.strictObject({ uri: z.string().min(1), pool: name, volume: name });
const line = z.string().regex(/^[^\r\n]+$/, "is not one line");

const copied = z.strictObject({
  from: disk,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256"),
  to: disk,
  bytes: z.int().min(1),
  machine: z.strictObject({
    domainType: z.enum(["kvm", "qemu"]),
    memoryMiB: z.int().min(64),
    tcgBufferMiB: z.int().optional(),
  }),
  identity: z.strictObject({
    hostname: name,
    interface: z.string().regex(/^[a-z]+[0-9]+$/, "is not an interface name such as vio0"),
    address: line,
    gateway: line.optional(),
    dns: z.array(line),
    sshPublicKeys: z.array(line).min(1),
  }),
});
const there = z.strictObject({ to: disk, hostKey: line });

/** @throws Refusal naming everything that is wrong. */
export function parseRequest(json: string, origin: string): AdoptRequest | KeptRequest {
  return parseJsonValues<z.ZodType<AdoptRequest | KeptRequest>>(json, origin, (data) =>
    typeof data === "object" && data !== null && "from" in data ? copied : there,
  );
}
