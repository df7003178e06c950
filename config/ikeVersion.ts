import type { Daemon } from "./schema";

/** iked speaks IKEv2 only, isakmpd IKEv1 only. */
export function ikeVersion(daemon: Daemon): 1 | 2 {
  return daemon === "iked" ? 2 : 1;
}
