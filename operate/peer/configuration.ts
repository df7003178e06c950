import {
  defaultFormat,
  formatOf,
  peerFormats,
  type PeerFormatName,
  signsByCurve,
} from "../../config/vendors";
import { limitsOf } from "../../config/vendors/limits";
import type { Vendor } from "../../config/vendors/names";
import type { PeerTunnel } from "../../config/vendors/peer";
import { Refusal } from "../command";
import type { StackOutputs } from "../../contract/stackOutputs";
import type { DeclaredTunnel } from "../../contract/tunnel";

/** What stands where the key belongs. */
const PSK_PLACEHOLDER = "<PRE-SHARED-KEY>";

/** The format that is asked for, or the one of the tunnel's vendor. */
export function chosenFormat(
  asked: PeerFormatName | undefined,
  { vendor = "other", kind = "policy" }: DeclaredTunnel,
): PeerFormatName {
  return asked ?? defaultFormat(vendor, kind);
}

/**
 * The whole text for the other end.
 * @param secrets what it is to be written with: the preshared key, absent a placeholder, and the gateway's own
 * public key, or the authorities and the peer's certificate
 * @throws Refusal with everything that the device has no setting for, and what to write instead
 */
export function peerConfiguration(
  name: PeerFormatName,
  declared: DeclaredTunnel,
  gateway: StackOutputs["gateway"],
  {
    psk = PSK_PLACEHOLDER,
    publicKey,
    authorities,
    certificate,
  }: {
    readonly psk?: string | undefined;
    readonly publicKey?: string | undefined;
    readonly authorities?: string | undefined;
    readonly certificate?: string | undefined;
  } = {},
): string {
  const format = peerFormats.find((one) => one.name === name);
  if (format === undefined) throw new RangeError(`no format ${name}`);
  const tunnel = described(declared);
  if (!format.kinds.includes(tunnel.kind)) {
    const other = formatOf(format.device?.formats ?? [], tunnel.kind);
    const fix = other === undefined ? "write kind: policy" : `use --vendor ${other.name}`;
    throw new Refusal(`${format.title}: cannot be of kind ${tunnel.kind}: ${fix}`);
  }
  if (!format.auths.includes(tunnel.auth)) {
    const what = tunnel.auth === "certificate" ? "certificates" : "public keys";
    throw new Refusal(`${format.title}: is not written with ${what} here: use --vendor sheet`);
  }
  const signatures = format.device?.signatures;
  if (signatures === "rfc4754" && tunnel.auth === "certificate" && tunnel.ikeVersion === 1) {
    throw new Refusal(
      `${format.title}: sends its certificate in IKEv1 only when it is asked, and isakmpd does not ask when it begins: write auth: psk, or ike.daemon: iked`,
    );
  }
  if (signatures === "rfc4754" && tunnel.auth === "certificate" && !signsByCurve(tunnel)) {
    throw new Refusal(
      `${format.title}: signs with a certificate in another way than the gateway takes: write vendor for ${tunnel.name}, pulumi up`,
    );
  }
  if (tunnel.auth === "publickey" && publicKey === undefined) {
    throw new Refusal(
      `${tunnel.name}: the stack has not read the gateway's public key yet: pulumi up`,
    );
  }
  if (tunnel.auth === "certificate" && authorities === undefined) {
    throw new Refusal(
      `${tunnel.name}: the stack has no ike.certificates yet: write its ca, pulumi up`,
    );
  }
  const mirrored = { ...tunnel, gateway: gateway.publicAddress };
  const limits = format.device ? limitsOf(format.device, mirrored) : [];
  if (limits.length > 0) {
    const reasons = limits.map(({ path, message, fix }) => `  ${path}: ${message}: ${fix}`);
    throw new Refusal(
      [`${tunnel.name} cannot be mirrored there; change the tunnel:`, ...reasons].join("\n"),
    );
  }
  return format.render({ tunnel, gateway, psk, publicKey, authorities, certificate });
}

/** A stack that was deployed before there were other kinds of tunnels says nothing of them. */
function described(tunnel: DeclaredTunnel): PeerTunnel & { readonly vendor: Vendor } {
  const { kind = "policy", auth = "psk", vendor = "other" } = tunnel;
  return { ...tunnel, kind, auth, vendor };
}
