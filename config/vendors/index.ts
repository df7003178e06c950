import type { Vendor } from "../schema";
import { aws } from "./aws";
import { ciscoAsa } from "./ciscoAsa";
import { ciscoIos } from "./ciscoIos";
import type { Device, DeviceRole, DeviceVendor } from "./device";
import { fortigate } from "./fortigate";
import { mikrotik } from "./mikrotik";
import { strongswan } from "./strongswan";

export type { Device, DeviceRole, DeviceVendor } from "./device";
export { GROUP_NUMBERS } from "./device";

export const devices: Readonly<Record<DeviceVendor, Device>> = {
  "cisco-ios": ciscoIos,
  "cisco-asa": ciscoAsa,
  strongswan,
  fortigate,
  mikrotik,
  aws,
};

/** The device's limits, or undefined for a peer of unknown make. */
export function deviceOf(vendor: Vendor): Device | undefined {
  return vendor === "other" ? undefined : devices[vendor];
}

/**
 * The device's own word for a declared algorithm.
 * @throws RangeError if it has none; {@link limitsOf} has refused it before
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
