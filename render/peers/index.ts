import type { Vendor } from "../../config/schema";
import { devices, type Device } from "../../config/vendors";
import { aws } from "./aws";
import { ciscoAsa } from "./ciscoAsa";
import { ciscoIos } from "./ciscoIos";
import { ciscoIosVti } from "./ciscoIosVti";
import { fortigate } from "./fortigate";
import { mikrotik } from "./mikrotik";
import type { PeerInput } from "./peer";
import { sheet } from "./sheet";
import { strongswan } from "./strongswan";

export type { PeerInput } from "./peer";

/** What stands where the key belongs. */
export const PSK_PLACEHOLDER = "<PRE-SHARED-KEY>";

/** One way to write down the other end. */
export interface PeerFormat {
  readonly title: string;
  /** Kinds of tunnels that it can be written for. */
  readonly kinds: readonly ("policy" | "route")[];
  /** Whose limits hold; absent: it can be written for any tunnel. */
  readonly device?: Device;
  readonly render: (input: PeerInput) => string;
}

const BOTH = ["policy", "route"] as const;

export const peerFormats = {
  "cisco-ios": {
    kinds: ["policy"],
    title: "Cisco IOS / IOS XE, crypto map",
    device: devices["cisco-ios"],
    render: ciscoIos,
  },
  "cisco-ios-vti": {
    kinds: BOTH,
    title: "Cisco IOS / IOS XE, tunnel interface",
    device: devices["cisco-ios"],
    render: ciscoIosVti,
  },
  "cisco-asa": { kinds: BOTH, title: "Cisco ASA", device: devices["cisco-asa"], render: ciscoAsa },
  strongswan: {
    kinds: BOTH,
    title: "strongSwan, swanctl.conf",
    device: devices.strongswan,
    render: strongswan,
  },
  fortigate: { kinds: BOTH, title: "FortiGate CLI", device: devices.fortigate, render: fortigate },
  mikrotik: {
    kinds: ["policy"],
    title: "MikroTik RouterOS",
    device: devices.mikrotik,
    render: mikrotik,
  },
  aws: { kinds: BOTH, title: "AWS Site-to-Site VPN", device: devices.aws, render: aws },
  sheet: { kinds: BOTH, title: "a page to mail, for any device", render: sheet },
} as const satisfies Record<string, PeerFormat>;

export type PeerFormatName = keyof typeof peerFormats;

/** The format for a tunnel that says what its peer is; IOS routes through a tunnel interface. */
export function defaultFormat(vendor: Vendor, kind: "policy" | "route"): PeerFormatName {
  if (vendor === "other") return "sheet";
  return vendor === "cisco-ios" && kind === "route" ? "cisco-ios-vti" : vendor;
}
