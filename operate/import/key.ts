import { pskFault, pskOddity } from "../../config/psk";
import type { Daemon } from "../../config/schema";
import type { Place } from "../../parse/bsdConf/token";
import type { Notes } from "./note";

const FIX =
  "the stack generates a new one, which the peer needs too: gateway peer NAME --reveal-psk";

/** The key if the daemon can be given it again, else undefined with a note that does not show it. */
export function usableKey(
  daemon: Daemon,
  text: string,
  place: Place,
  notes: Notes,
): string | undefined {
  const key = plainText(text) ?? text;
  const fault = pskFault(daemon, key);
  if (fault === undefined) return key;
  notes.changed(place, `the key ${fault}`, FIX);
  return undefined;
}

/**
 * What a key in hexadecimal stands for, if that is a text that needs no exception. Both daemons take what
 * follows 0x for the key's bytes (ike_auth.c, iked/parse.y).
 */
function plainText(text: string): string | undefined {
  if (!/^0x(?:[0-9a-f]{2})+$/i.test(text)) return undefined;
  const decoded = Buffer.from(text.slice(2), "hex").toString("latin1");
  return pskOddity(decoded) === undefined ? decoded : undefined;
}
