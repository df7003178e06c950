import { pskProblem } from "../../config/psk";
import type { Place } from "../../parse/bsdConf/token";
import type { Notes } from "./note";

const FIX =
  "the stack generates a new one, which the peer needs too: gateway peer NAME --reveal-psk";

/** The key if both daemons can be given it again, else undefined with a note that does not show it. */
export function usableKey(text: string, place: Place, notes: Notes): string | undefined {
  const key = text.startsWith("0x") ? decoded(text.slice(2)) : text;
  if (key === undefined) {
    notes.changed(place, "the key is hexadecimal and no text", FIX);
    return undefined;
  }
  const problem = pskProblem(key);
  if (problem === undefined) return key;
  notes.changed(place, `the key ${problem}`, FIX);
  return undefined;
}

/** Both daemons take what follows 0x for the key's bytes (ike_auth.c, iked/parse.y). */
function decoded(hex: string): string | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return undefined;
  const bytes = Buffer.from(hex, "hex");
  const text = bytes.toString("latin1");
  return pskProblem(text) === undefined ? text : undefined;
}
