/**
 * The vendors whose devices are known. The schema's key `vendor`, the completion and the docs derive from
 * this list, and the compiler asks of each name a file here, a line in index.ts and a word in every
 * algorithm's row.
 */
export const VENDORS = [
  "cisco-ios",
  "cisco-asa",
  "strongswan",
  "fortigate",
  "mikrotik",
  "aws",
] as const;

/** A vendor whose limits are known. */
export type DeviceVendor = (typeof VENDORS)[number];

/** `other` is a peer of unknown make: nothing limits it. */
export type Vendor = DeviceVendor | "other";
