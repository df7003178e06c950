import type { Tunnel } from "../schema";
import { aws } from "./aws";
import { ciscoAsa } from "./ciscoAsa";
import { ciscoIos } from "./ciscoIos";
import type { Device, PeerFormat } from "./device";
import { fortigate } from "./fortigate";
import { mikrotik } from "./mikrotik";
import type { DeviceVendor, Vendor } from "./names";
import { sheet } from "./sheet";
import { strongswan } from "./strongswan";

export type { Device, PeerFormat } from "./device";
export { deviceWord } from "./words";

const known = {
  "cisco-ios": ciscoIos,
  "cisco-asa": ciscoAsa,
  strongswan,
  fortigate,
  mikrotik,
  aws,
} as const satisfies Record<DeviceVendor, Device>;

export const devices: Readonly<Record<DeviceVendor, Device>> = known;

/** The device's limits, or undefined for a peer of unknown make. */
export function deviceOf(vendor: Vendor): Device | undefined {
  return vendor === "other" ? undefined : devices[vendor];
}

/**
 * Whether the two ends sign as RFC 4754 has it, and so with ECDSA of P-256, the curve of the gateway's key:
 * such a peer says nothing of RFC 7427.
 */
export function signsByCurve({
  auth,
  vendor = "other",
}: {
  readonly auth?: string | undefined;
  readonly vendor?: Vendor | undefined;
}): boolean {
  return auth === "certificate" && deviceOf(vendor)?.signatures === "rfc4754";
}

/** What stands before a generated key, so that the peer's device takes it. */
export function keyPrefix(vendor: Vendor): string {
  return deviceOf(vendor)?.key?.prefix ?? "";
}

export type PeerFormatName =
  (typeof known)[DeviceVendor]["formats"][number]["name"] | (typeof sheet)["name"];

interface NamedFormat extends PeerFormat {
  readonly name: PeerFormatName;
}

/** Every text for another end that can be written, each with the device whose limits hold for it. */
export const peerFormats: readonly (NamedFormat & {
  /** Absent: it can be written for any tunnel. */
  readonly device?: Device;
})[] = [
  ...Object.values(known).flatMap((device) =>
    device.formats.map((format) => ({ ...format, device })),
  ),
  sheet,
];

/** The format for a tunnel that says what its peer is. */
export function defaultFormat(vendor: Vendor, kind: Tunnel["kind"]): PeerFormatName {
  if (vendor === "other") return sheet.name;
  const formats: readonly [NamedFormat, ...NamedFormat[]] = known[vendor].formats;
  return (formatOf(formats, kind) ?? formats[0]).name;
}

/** The first of the formats that can be of the kind. */
export function formatOf<Format extends PeerFormat>(
  formats: readonly Format[],
  kind: Tunnel["kind"],
): Format | undefined {
  return formats.find(({ kinds }) => kinds.includes(kind));
}
