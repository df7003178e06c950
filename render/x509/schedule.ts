import type { Authority } from "../../config/schema";

/** Both YYYY-MM-DD, at midnight UTC. */
export interface Days {
  readonly from: string;
  readonly until: string;
}

/** The terms of an authority: the day on which its key was made, and how long what it signs is good. */
export interface Terms extends Readonly<Pick<Authority, "years" | "days">> {
  readonly made: string;
}

const DAY_MS = 86_400_000;
const number = (day: string): number => Math.floor(Date.parse(day) / DAY_MS);
const day = (at: number): string => new Date(at * DAY_MS).toISOString().slice(0, 10);

/** From the day before: the gateway's or a peer's clock may be behind. */
export function daysOfAuthority({ made, years }: Terms): Days {
  const until = `${Number(made.slice(0, 4)) + years}${made.slice(4)}`;
  // Of a 29th of February that there is not, the day after.
  return { from: day(number(made) - 1), until: day(number(until)) };
}

/** Days after which the next certificates are signed. */
const interval = ({ days }: Terms): number => Math.floor((days * 2) / 3);

/**
 * Which certificates are signed on that day: number 0 from the day on which the key was made, the next ones two
 * thirds of a certificate's days later, and so on. Nothing but the calendar decides, so that an update on which
 * nothing is due changes nothing.
 */
export function periodOn(terms: Terms, today: string): number {
  const last = number(daysOfAuthority(terms).until) - 1;
  const at = Math.min(number(today), last) - number(terms.made);
  return Math.max(0, Math.floor(at / interval(terms)));
}

/** How long the certificates of a period are good: never longer than their authority's. */
export function daysOfPeriod(terms: Terms, period: number): Days {
  const begin = number(terms.made) + period * interval(terms);
  const until = Math.min(begin + terms.days, number(daysOfAuthority(terms).until));
  return { from: day(begin - 1), until: day(until) };
}

/** The days since 1970, which only grow. */
export const dayNumber = number;

/** The periods up to that one whose certificates have not ended yet. */
export function periodsThatLast(terms: Terms, today: string): number[] {
  const current = periodOn(terms, today);
  return Array.from({ length: current + 1 }, (_, period) => period).filter(
    (period) => daysOfPeriod(terms, period).until >= today,
  );
}
