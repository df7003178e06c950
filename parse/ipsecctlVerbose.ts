import type { SecurityAssociation } from "../contract/documents/kernel";
import { parseSa } from "./ipsecctl";

/** One block of `ipsecctl -vv -s sa`. Absent: the kernel did not say. */
export interface SaDetail extends SecurityAssociation {
  /** `mature`, `dying`, `larval` … */
  readonly state?: string | undefined;
  /** Seconds since the epoch. */
  readonly added?: number | undefined;
  readonly lastUsed?: number | undefined;
  /** Seconds from `added` to its end. */
  readonly lifetime?: number | undefined;
  /** Whether it travels in UDP. */
  readonly udpencap: boolean;
  /** The peer's port, as NAT traversal found it. */
  readonly udpencapPort?: number | undefined;
  /** The interface of a route-based tunnel, such as `sec0`. */
  readonly interface?: string | undefined;
  readonly packetsIn?: number | undefined;
  readonly packetsOut?: number | undefined;
  /** Of the packets as they are outside of ESP, so that both directions compare. */
  readonly bytesIn?: number | undefined;
  readonly bytesOut?: number | undefined;
  readonly droppedIn?: number | undefined;
  readonly droppedOut?: number | undefined;
}

/** Every SA of the output, in its order; what is not part of one is passed over. */
export function parseSaDetails(rows: readonly string[]): SaDetail[] {
  const details: SaDetail[] = [];
  let head: SecurityAssociation | undefined;
  let body: string[] = [];
  const finish = () => {
    if (head) details.push({ ...head, ...bodyOf(body) });
  };
  for (const row of rows) {
    const sa = parseSa(row);
    if (sa) {
      finish();
      head = sa;
      body = [];
    } else {
      body.push(row.trim());
    }
  }
  finish();
  return details;
}

// Forms: pfkdump.c print_sa, print_life, print_udpenc, print_counter, print_iface.
function bodyOf(rows: readonly string[]): Omit<SaDetail, keyof SecurityAssociation> {
  const text = rows.join("\n");
  const number = (form: RegExp): number | undefined => {
    const digits = form.exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  // The noun is in the singular after 1.
  const count = (noun: string, rest = "") => number(new RegExp(`^(\\d+) ${noun}s?${rest}$`, "m"));
  // Zero stands for never and for not kept.
  const time = (form: RegExp) => {
    const seconds = number(form);
    return seconds === 0 ? undefined : seconds;
  };
  return {
    state: /^state (\S+) /m.exec(text)?.[1],
    added: time(/^lifetime_cur: .* add (\d+) first \d+$/m),
    lastUsed: time(/^lifetime_lastuse: .* first (\d+)$/m),
    lifetime: time(/^lifetime_hard: .* add (\d+) first \d+$/m),
    udpencap: /^udpencap: /m.test(text),
    udpencapPort: time(/^udpencap: udpencap port (\d{1,5})$/m),
    interface: /^interface: (sec\d+) direction /m.exec(text)?.[1],
    packetsIn: count("input packet"),
    packetsOut: count("output packet"),
    // `input bytes` has each packet twice, encrypted and decrypted (ipsec_input.c, ip_esp.c).
    bytesIn: count("input byte", ", decompressed") ?? count("input byte"),
    bytesOut: count("output byte", ", uncompressed") ?? count("output byte"),
    droppedIn: count("packet", " dropped on input"),
    droppedOut: count("packet", " dropped on output"),
  };
}
