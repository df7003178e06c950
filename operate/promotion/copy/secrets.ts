import { Refusal } from "../../command";
import type { Window } from "./windows";

/** Longest that is looked for across the border of two pieces, bytes. */
const OVERLAP = 4096;

/** A private key as a file has it; a program that only knows the first line is none. */
const KEY = /-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----\r?\n[A-Za-z0-9+/=:, \r\n-]{40}/;
const KEY_START = Buffer.from("PRIVATE KEY-----");

/**
 * Looks through a disk, piece after piece in order, for what a sealed one must not hold: any private
 * key, and the values given.
 */
export class SecretSearch {
  private tail: Buffer = Buffer.alloc(0);
  private readonly needles: readonly Buffer[];

  constructor(values: readonly string[]) {
    this.needles = values.map((value) => Buffer.from(value));
  }

  /** @throws Refusal that says where, and never what */
  public feed(window: Window): void {
    if (window.used === 0) {
      this.tail = Buffer.alloc(0);
      return;
    }
    const bytes = Buffer.concat([this.tail, window.bytes]);
    const start = window.offset - this.tail.length;
    for (const needle of this.needles) {
      const at = bytes.indexOf(needle);
      if (at >= 0) throw found("a preshared key", start + at);
    }
    for (let at = bytes.indexOf(KEY_START); at >= 0; at = bytes.indexOf(KEY_START, at + 1)) {
      const text = bytes.toString("latin1", Math.max(0, at - 40), at + 200);
      if (KEY.test(text)) throw found("a private key", start + at);
    }
    this.tail = bytes.subarray(Math.max(0, bytes.length - OVERLAP));
  }
}

function found(what: string, at: number): Refusal {
  return new Refusal(
    `the disk still holds ${what} of the first gateway, at byte ${at}: nothing was copied: ` +
      "look at what the gateway keeps outside the places that gwctl seals, and report it",
  );
}
