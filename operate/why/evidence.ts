import { type LogLine, secondsBetween } from "../../parse/daemonLog";
import type { Evidence } from "../../contract/documents/why";

const MOST = 6;

export function has(lines: readonly LogLine[], form: RegExp): boolean {
  return lines.some(({ message }) => form.test(message));
}

/** The place of the newest line of the form; -1 if there is none. */
export function lastPlace(lines: readonly LogLine[], form: RegExp): number {
  return lines.map(({ message }) => form.test(message)).lastIndexOf(true);
}

export function newestOf(lines: readonly LogLine[], form: RegExp): LogLine | undefined {
  return lines[lastPlace(lines, form)];
}

export function within(seconds: number, earlier: LogLine, later: LogLine): boolean {
  const between = secondsBetween(earlier.stamp, later.stamp);
  return between !== undefined && between <= seconds;
}

/** The newest lines of the form, oldest first. */
export function evidenceOf(lines: readonly LogLine[], form: RegExp): Evidence[] {
  return lines
    .filter(({ message }) => form.test(message))
    .slice(-MOST)
    .map(({ stamp, program, message }) => ({ stamp, text: `${program}: ${message}` }));
}
