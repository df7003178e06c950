import { GWCTL_LINE } from "../contract/gwctl";

/** One line of /var/log/daemon (syslogd(8)). */
export interface LogLine {
  /** As in the file, such as `Nov 23 23:29:17`; in the gateway's time zone, without a year. */
  readonly stamp: string;
  /** `iked`, `isakmpd` … */
  readonly program: string;
  /** The process that said it, where syslogd names it. */
  readonly pid?: string | undefined;
  /** Of iked: the initiator's SPI that the message is about, 0x and sixteen digits. */
  readonly spi?: string | undefined;
  /** What was said, without program and SPI. */
  readonly message: string;
}

/** The gateway's clock: what is needed to place a line's stamp in time. */
export interface Clock {
  /** Seconds since the epoch. */
  readonly now: number;
  /** Seconds that the gateway's local time is ahead of UTC. */
  readonly offset: number;
}

const LINE =
  /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ ([\w.-]+)(?:\[(\d+)\])?: (?:spi=(0x[0-9a-f]{16}): )?(.*)$/;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const DAY = 86_400;

/** The line's parts, or undefined if syslogd did not write it. */
export function parseLogLine(line: string): LogLine | undefined {
  const [, stamp, program, pid, spi, message] = LINE.exec(line) ?? [];
  return stamp === undefined || program === undefined || message === undefined
    ? undefined
    : { stamp, program, pid, spi, message };
}

/** Seconds since the epoch of a stamp: the latest such moment that is not in the future. */
export function timeOf(stamp: string, clock: Clock): number | undefined {
  const [, month = "", day, hour, minute, second] =
    /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)$/.exec(stamp) ?? [];
  const index = MONTHS.indexOf(month);
  if (month === "" || index % 3 !== 0) return undefined;
  const inYear = (year: number) =>
    Date.UTC(year, index / 3, Number(day), Number(hour), Number(minute), Number(second)) / 1000 -
    clock.offset;
  const year = new Date((clock.now + clock.offset) * 1000).getUTCFullYear();
  const time = inYear(year);
  return time > clock.now + DAY ? inYear(year - 1) : time;
}

const LEAP_YEAR = { now: Date.UTC(2000, 11, 31, 23, 59, 59) / 1000, offset: 0 };
const DAYS_OF_A_LEAP_YEAR = 366;

/** Seconds from one stamp to one that is not earlier, which may be in the next year. */
export function secondsBetween(earlier: string, later: string): number | undefined {
  const [from, to] = [timeOf(earlier, LEAP_YEAR), timeOf(later, LEAP_YEAR)];
  if (from === undefined || to === undefined) return undefined;
  return to < from ? to - from + DAYS_OF_A_LEAP_YEAR * DAY : to - from;
}

/** What `date '+%s %z'` printed, or undefined. */
export function parseClock(row: string | undefined): Clock | undefined {
  const { now, zone } = GWCTL_LINE.clock.exec(row ?? "")?.groups ?? {};
  if (now === undefined || zone === undefined) return undefined;
  const offset = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * 60;
  return { now: Number(now), offset: zone.startsWith("-") ? -offset : offset };
}
