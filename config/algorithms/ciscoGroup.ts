import type { InDevice } from "./row";

/** Cisco numbers the groups, and of perfect forward secrecy writes the word before the number. */
export function cisco(number: number): InDevice {
  return { ike: String(number), esp: `group${number}` };
}

/** The same for a group that the device knows in one version of IKE. */
export function ciscoOnly(version: 1 | 2, number: number): InDevice {
  const word = (text: string): [string | null, string | null] =>
    version === 1 ? [text, null] : [null, text];
  return { ike: word(String(number)), esp: word(`group${number}`) };
}
