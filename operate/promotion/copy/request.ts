import { z } from "zod";
import { Refusal } from "../../command";
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
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    throw new Refusal(`${origin}: is not JSON`);
  }
  const isCopy = typeof data === "object" && data !== null && "from" in data;
  const result = isCopy ? copied.safeParse(data) : there.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.length > 0 ? path.join(".") : "values"}: ${message}`,
  );
  throw new Refusal(`${origin}: ${problems.join("; ")}`);
}
