import { control } from "../terminal";

export type Style = "green" | "yellow" | "red" | "magenta" | "dim";

const CODES: Readonly<Record<Style, number>> = {
  green: 32,
  yellow: 33,
  red: 31,
  magenta: 35,
  dim: 2,
};

export function paint(style: Style, text: string, colours: boolean): string {
  return colours ? control(`\x1b[${CODES[style]}m`) + text + control("\x1b[0m") : text;
}

/** Cut to the width, with a mark that something is missing. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Seconds as a number of at most two digits and the largest unit that fits: 59s, 12m, 23h, 99d. */
export function age(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** An ISO time without its milliseconds. */
export function wholeSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}

/** Bytes in at most five characters: 999, 1.2K, 34M. */
export function amount(bytes: number): string {
  const units = ["", "K", "M", "G", "T", "P"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return digits + (units[unit] ?? "");
}

/** Lines of at most the width, broken at blanks, further lines indented. */
export function wrapped(text: string, indent: number, width: number): string[] {
  const lead = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = lead;
  for (const word of text.trim().split(" ")) {
    const next = line.trim() === "" ? line + word : `${line} ${word}`;
    if (next.length > width && line.trim() !== "") {
      lines.push(line);
      line = " ".repeat(indent) + word;
    } else {
      line = next;
    }
  }
  return [...lines, line];
}
