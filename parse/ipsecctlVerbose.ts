import { parseSa, type SecurityAssociation } from "./ipsecctl";

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
  readonly packetsIn?: number | undefined;
  readonly packetsOut?: number | undefined;
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

// Forms: pfkdump.c print_sabits, print_life, print_counter.
function bodyOf(rows: readonly string[]): Omit<SaDetail, keyof SecurityAssociation> {
  const text = rows.join("\n");
  const number = (form: RegExp): number | undefined => {
    const digits = form.exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const count = (label: string) => number(new RegExp(`^(\\d+) ${label}$`, "m"));
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
    packetsIn: count("input packets"),
    packetsOut: count("output packets"),
    bytesIn: count("input bytes"),
    bytesOut: count("output bytes"),
    droppedIn: count("packets dropped on input"),
    droppedOut: count("packets dropped on output"),
  };
}
