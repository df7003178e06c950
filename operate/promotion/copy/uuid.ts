import { randomBytes } from "node:crypto";

/**
 * A UUID for a machine whose guest is to recognise it. Its first three parts read the same in either
 * byte order, because systems differ in which they show what the firmware says.
 */
export function recognisableUuid(): string {
  const bytes = randomBytes(11);
  const [a = "", b = ""] = [0, 1].map((at) => bytes.toString("hex", at, at + 1));
  const rest = `8${bytes.toString("hex", 2).slice(1)}`;
  return `${a.repeat(4)}-${b.repeat(2)}-4444-${rest.slice(0, 4)}-${rest.slice(4, 16)}`;
}
