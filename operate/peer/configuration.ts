import type { SelectorDescription } from "../../config/describe";
import { selectors } from "../../config/selectors";
import { limitsOf } from "../../config/vendors/limits";
import {
  defaultFormat,
  peerFormats,
  type PeerFormat,
  type PeerFormatName,
  PSK_PLACEHOLDER,
} from "../../render/peers";
import type { PeerTunnel } from "../../render/peers/peer";
import { Refusal } from "../command";
import type { DeclaredTunnel, StackOutputs } from "../stack/outputs";

/** The tunnel of that name. @throws Refusal naming those there are */
export function findTunnel({ tunnels }: StackOutputs, name: string): DeclaredTunnel {
  const tunnel = tunnels.find((one) => one.name === name);
  if (tunnel !== undefined) return tunnel;
  const known = tunnels.map((one) => one.name).join(", ");
  throw new Refusal(`${name}: no such tunnel: ${known === "" ? "the stack has none" : known}`);
}

/** The format that is asked for, or the one of the tunnel's vendor. */
export function chosenFormat(
  asked: PeerFormatName | undefined,
  { vendor = "other", kind = "policy" }: DeclaredTunnel,
): PeerFormatName {
  return asked ?? defaultFormat(vendor, kind);
}

/**
 * The whole text for the other end.
 * @param psk the key; absent: a placeholder
 * @throws Refusal with everything that the device cannot be told, and what to write instead
 */
export function peerConfiguration(
  name: PeerFormatName,
  declared: DeclaredTunnel,
  gateway: StackOutputs["gateway"],
  psk: string = PSK_PLACEHOLDER,
): string {
  const format: PeerFormat = peerFormats[name];
  const tunnel = described(declared);
  if (!format.kinds.includes(tunnel.kind)) {
    const other = name === "cisco-ios" ? "use --vendor cisco-ios-vti" : "write kind: policy";
    throw new Refusal(`${format.title}: cannot be of kind ${tunnel.kind}: ${other}`);
  }
  const limits = format.device ? limitsOf(format.device, tunnel) : [];
  if (limits.length > 0) {
    const reasons = limits.map(({ path, message, fix }) => `  ${path}: ${message}: ${fix}`);
    throw new Refusal(
      [`${tunnel.name} cannot be mirrored there; change the tunnel:`, ...reasons].join("\n"),
    );
  }
  return format.render({ tunnel, gateway, psk });
}

/** A stack that was deployed before there were other kinds of tunnels says nothing of them. */
function described(tunnel: DeclaredTunnel): PeerTunnel {
  return { ...tunnel, kind: tunnel.kind ?? "policy", selectors: selectorsOf(tunnel) };
}

function selectorsOf({ selectors: known, local, remote }: DeclaredTunnel): SelectorDescription[] {
  return known ?? selectors({ local, remote }).map(({ from, to }) => ({ local: from, remote: to }));
}
