import type { TunnelStatus } from "../../contract/documents/status";

/** `carries for cloud`, or that it stands by for it. */
export function groupText({
  name,
  carries,
  routed,
  reason,
}: NonNullable<TunnelStatus["group"]>): string {
  if (carries) return `carries for the group ${name}`;
  const why = routed || reason === undefined ? "" : `: ${reason}`;
  return `stands by for the group ${name}${why}`;
}
