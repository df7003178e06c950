import { pskProblem } from "../../config/psk";
import type { Place } from "../../parse/bsdConf/token";
import type { Notes } from "./note";

const FIX =
  "the stack generates a new one, which the peer needs too: gateway peer NAME --reveal-psk";

/** The key if both daemons can be given it again, else undefined with a note that does not show it. */
export function usableKey(text: string, place: Place, notes: Notes): string | undefined {
  const isHex = text.startsWith("0x");
  const key = isHex ? decoded(text.slice(2)) : text;
  const problem = key === undefined ? "is hexadecimal and no text" : pskProblem(key);
  if (problem === undefined) return key;
  const form = isHex && key !== undefined ? ", which is written in hexadecimal," : "";
  notes.changed(place, `the key${form} ${problem}`, FIX);
  return undefined;
}

/** Both daemons take what follows 0x for the key's bytes (ike_auth.c, iked/parse.y). */
function decoded(hex: string): string | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return undefined;
  const text = Buffer.from(hex, "hex").toString("latin1");
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}
