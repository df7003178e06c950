import type { DeviceRole } from "../algorithms/deviceWords";
import type { Device } from "./device";
import type { PeerInput } from "./peer";

/**
 * The device's own word for a declared algorithm.
 * @throws RangeError if it has none; rule GW140 has refused it before
 */
export function deviceWord(
  device: Device,
  ikeVersion: 1 | 2,
  role: DeviceRole,
  algorithm: string,
): string {
  const known = device.words[ikeVersion][role];
  const word = Object.hasOwn(known, algorithm) ? known[algorithm] : undefined;
  if (word === undefined) throw new RangeError(`${device.title} has no ${role} ${algorithm}`);
  return word;
}

/** The words of one device for one tunnel. */
export function wordsFor(device: Device, { tunnel }: PeerInput) {
  return (role: DeviceRole, algorithm: string): string =>
    deviceWord(device, tunnel.ikeVersion, role, algorithm);
}

/** `ike.deadPeerSeconds`, or the value nearest to it that the device takes: the ends need not agree. */
export function deadPeerSeconds(
  { deadPeerSeconds: limits }: Device,
  { gateway }: PeerInput,
): number {
  const declared = gateway.deadPeerSeconds;
  if (limits === null) return declared;
  const [shortest, longest] = limits;
  return Math.min(Math.max(declared, shortest), longest);
}
