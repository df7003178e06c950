import { gunzipSync, constants } from "node:zlib";
import { Refusal } from "../../command";
import { type Form, formsOf, KEY_FORMS } from "./keyForms";
import type { Window } from "../../../hypervisor/copy/windows";

/** What is looked for across the border of two pieces, and of a compressed file, bytes. */
const OVERLAP = 1024 ** 2;

/** What a compressed file may unfold to; of one that is larger, its beginning is searched. */
const UNFOLDED = 64 * 1024 ** 2;

/** A gzip member that deflate made: no unknown flag, and an operating system that RFC 1952 knows. */
function beginsGzip(bytes: Buffer, at: number): boolean {
  const [flags = 0xff, extra = 0xff, system = 0xfe] = [bytes[at + 3], bytes[at + 8], bytes[at + 9]];
  return flags < 0x20 && [0, 2, 4].includes(extra) && (system <= 13 || system === 255);
}

/**
 * Looks through a disk, piece after piece in order, for what a sealed one must not hold: any private
 * key, any preshared key in a configuration, and the values given. It also looks into files that gzip
 * made, and finds the values as hex and as base64.
 */
export class SecretSearch {
  private tail: Buffer = Buffer.alloc(0);
  private readonly forms = new Map<number, Form[]>();
  /** By the first two bytes, so that nearly every byte of a disk is passed over at once. */
  private readonly candidates = new Uint8Array(0x10000);

  constructor(values: readonly string[]) {
    for (const form of [...KEY_FORMS, ...values.flatMap(formsOf)]) {
      const key = form.begins.readUInt32BE(0);
      this.forms.set(key, [...(this.forms.get(key) ?? []), form]);
      this.candidates[key >>> 16] = 1;
    }
    this.candidates[0x1f8b] = 1;
  }

  /** @throws Refusal that says where, and never what */
  public feed(window: Window): void {
    if (window.used === 0) {
      this.tail = Buffer.alloc(0);
      return;
    }
    const bytes = Buffer.concat([this.tail, window.bytes]);
    this.search(bytes, window.offset - this.tail.length, "");
    this.tail = bytes.subarray(Math.max(0, bytes.length - OVERLAP));
  }

  private search(bytes: Buffer, start: number, within: string): void {
    let before = bytes[0] ?? 0;
    for (let at = 0; at + 3 < bytes.length; at += 1) {
      const next = bytes[at + 1] ?? 0;
      const first = (before << 8) | next;
      before = next;
      if (this.candidates[first] === 0) continue;
      const key = bytes.readUInt32BE(at);
      for (const { what, begins, is } of this.forms.get(key) ?? []) {
        const there = bytes.subarray(at, at + begins.length).equals(begins);
        if (there && (is?.(bytes, at) ?? true)) throw found(what, start + at, within);
      }
      // Not again within what was unfolded: compressing twice is not what this gateway does.
      if (within === "" && key >>> 8 === 0x1f8b08 && beginsGzip(bytes, at)) {
        const text = unfolded(bytes.subarray(at, at + OVERLAP));
        if (text) this.searchWithin(text, start + at);
      }
    }
  }

  private searchWithin(text: Buffer, at: number): void {
    // A place within a compressed file says nothing; where the file begins does.
    this.search(text, at, " in a compressed file");
  }
}

/**
 * What a compressed file holds, as far as it is here in one piece: a file system may have put the rest
 * elsewhere.
 */
function unfolded(bytes: Buffer): Buffer | undefined {
  for (let length = bytes.length; length >= 64; length = Math.floor(length / 2)) {
    try {
      return gunzipSync(bytes.subarray(0, length), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: UNFOLDED,
      });
    } catch {
      // Half of it may be whole, or small enough.
    }
  }
  return undefined;
}

function found(what: string, at: number, within: string): Refusal {
  return new Refusal(
    `the disk still holds ${what} of the first gateway${within}, at byte ${at}: nothing was copied: ` +
      "find and remove what holds it there in a place that a sealed disk keeps (docs/promotion.md), and run it again",
  );
}
