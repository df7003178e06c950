import { randomBytes } from "node:crypto";
import { harmless } from "../config/harmless";
import type { Io } from "./command";

/** Whoever sends us text cannot know it, so that no text of others has a control sequence of ours. */
const MARK = randomBytes(16).toString("hex");
const OWN = new RegExp(`<${MARK}:([^>]*)>`);

/** A control sequence for the terminal, to stand in what a command prints. */
export const control = (sequence: string): string => `<${MARK}:${sequence}>`;

/** Takes back the line that the cursor is on. */
export const LINE_AGAIN = control("\r\x1b[K");

/** From the top of an empty screen. */
export const CLEAR_SCREEN = control("\x1b[H\x1b[2J");

/** What a command prints as a terminal may get it: only our own control sequences are obeyed. */
export function forTerminal(text: string): string {
  return text
    .split(OWN)
    .map((part, index) => (index % 2 === 0 ? harmless(part) : part))
    .join("");
}

/** The same Io with everything that is printed made harmless. */
export function guarded(io: Io): Io {
  return {
    ...io,
    out: (text) => {
      io.out(forTerminal(text));
    },
    err: (text) => {
      io.err(forTerminal(text));
    },
  };
}
