import type { Daemon } from "../../config/schema";
import type { Place } from "../../parse/bsdConf/token";
import type { Notes } from "./note";

/** A value that the file left to the daemon, or several of which the peer could choose. */
export interface LeftOpen {
  /** Why several values were allowed, such as `no ikesa`. */
  readonly because: string;
  /** What the daemon offered or accepted, in its order. */
  readonly allowed: string;
  /** What the stack's file says now. */
  readonly declared: string;
}

/** Where the running gateway still shows what the peer chose. */
const SHOWN: Readonly<Record<Daemon, string>> = {
  iked: 'look what the peer chose: "established …" in the old gateway\'s log, and ipsecctl -s sa',
  isakmpd:
    "look what the peer used: isakmpd's report on the old gateway (echo S >/var/run/isakmpd.fifo)",
};

/** Notes that one value is declared where the daemon allowed several. */
export function noteLeftOpen(daemon: Daemon, place: Place, notes: Notes, open: LeftOpen): void {
  const { because, allowed, declared } = open;
  const did = daemon === "iked" ? "iked offered" : "isakmpd took";
  notes.changed(place, `${because}: ${did} ${allowed}; declared: ${declared}`, SHOWN[daemon]);
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
