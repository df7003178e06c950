import { lines } from "../text";
import type { Forward } from "../../contract/perimeter";
import { allowed } from "./forward";
import { digest } from "./iptables";

/** Devices that the manual driver knows the words of. */
export const DEVICES = ["cisco-ios", "mikrotik", "edgeos", "opnsense"] as const;
export type Device = (typeof DEVICES)[number];

/**
 * What to configure on a device that the stack does not drive, in its own words. Nothing is sent
 * anywhere. IPv4 only, as these devices' forwards are; IPv6 needs no forward but a filter rule.
 */
export function instructions(device: Device, forwards: readonly Forward[]): string {
  return renderers[device](forwards.filter((forward) => allowed(forward).length > 0));
}

const renderers: Record<Device, (forwards: readonly Forward[]) => string> = {
  "cisco-ios": ciscoIos,
  mikrotik,
  edgeos,
  opnsense,
};

function comment(forward: Forward): string {
  return `openbsd-ipsec-gateway ${forward.machine} ${forward.name}`;
}

function peers(forward: Forward): string[] {
  const sources = allowed(forward);
  return sources === "any" ? [] : sources;
}

/** IOS translates for everybody: who may come in is the access list's business. */
function ciscoIos(forwards: readonly Forward[]): string {
  return lines(
    "! Static translations, and the entries for the access list that guards the outside interface.",
    "! no-payload keeps the translation from looking into IKE (ALG).",
    ...forwards.map(({ protocol, port, target, outside }) =>
      port === undefined
        ? `ip nat inside source static ${protocol} ${target} interface ${outside.interface}`
        : `ip nat inside source static udp ${target} ${port} ${outside.address} ${port} extendable no-payload`,
    ),
    "ip access-list extended OUTSIDE-IN",
    ...forwards.flatMap((forward) => {
      const { protocol, port, outside } = forward;
      const to = `host ${outside.address}${port === undefined ? "" : ` eq ${port}`}`;
      const sources = allowed(forward);
      const from = sources === "any" ? ["any"] : sources.map(ciscoSource);
      return [
        ` remark ${comment(forward)}`,
        ...from.map((source) => ` permit ${protocol} ${source} ${to}`),
      ];
    }),
  );
}

function ciscoSource(source: string): string {
  const [address = "", length] = source.split("/");
  if (length === undefined || length === "32") return `host ${address}`;
  const hostBits = (2n ** BigInt(32 - Number(length)) - 1n) & 0xffffffffn;
  const wildcard = [24n, 16n, 8n, 0n].map((shift) => String((hostBits >> shift) & 0xffn)).join(".");
  return `${address} ${wildcard}`;
}

function mikrotik(forwards: readonly Forward[]): string {
  return lines(
    "# RouterOS: the lists of peers, and per forward a translation and the filter rule that lets it on.",
    ...forwards.flatMap((forward) => {
      const list = `ipsec-gw-${forward.machine}-${forward.name}`;
      const { protocol, port, outside, target } = forward;
      const from = allowed(forward) === "any" ? "" : ` src-address-list=${list}`;
      const match =
        `protocol=${protocol === "esp" ? "ipsec-esp" : "udp"}` +
        (port === undefined ? "" : ` dst-port=${port}`);
      return [
        ...peers(forward).map(
          (peer) =>
            `/ip firewall address-list add list=${list} address=${peer} comment="${comment(forward)}"`,
        ),
        `/ip firewall nat add chain=dstnat in-interface=${outside.interface} dst-address=${outside.address}` +
          `${from} ${match} action=dst-nat to-addresses=${target} comment="${comment(forward)}"`,
        `/ip firewall filter add chain=forward connection-nat-state=dstnat dst-address=${target}` +
          `${from} ${match} action=accept place-before=0 comment="${comment(forward)}"`,
      ];
    }),
  );
}

/** Numbers from 4500 on, to be changed where they are taken; a group's name has at most 31 characters. */
function edgeos(forwards: readonly Forward[]): string {
  return lines(
    "# Change the rule numbers if they are taken; then: commit; save",
    ...forwards.flatMap((forward, index) => {
      const rule = `service nat rule ${4500 + index}`;
      const filter = `firewall name WAN_IN rule ${4500 + index}`;
      const group = `ipsec-gw-${digest(forward.machine)}-${forward.name}`;
      const { protocol, port, outside, target } = forward;
      const networks = peers(forward);
      const kind = networks.some((one) => one.includes("/")) ? "network" : "address";
      return [
        ...networks.map(
          (peer) =>
            `set firewall group ${kind}-group ${group} ${kind} ` +
            (kind === "network" && !peer.includes("/") ? `${peer}/32` : peer),
        ),
        `set ${rule} description '${comment(forward)}'`,
        `set ${rule} type destination`,
        `set ${rule} inbound-interface ${outside.interface}`,
        `set ${rule} protocol ${protocol}`,
        `set ${rule} destination address ${outside.address}`,
        ...(port === undefined ? [] : [`set ${rule} destination port ${port}`]),
        ...(networks.length === 0 ? [] : [`set ${rule} source group ${kind}-group ${group}`]),
        `set ${rule} inside-address address ${target}`,
        `set ${filter} description '${comment(forward)}'`,
        `set ${filter} action accept`,
        `set ${filter} protocol ${protocol}`,
        `set ${filter} destination address ${target}`,
        ...(port === undefined ? [] : [`set ${filter} destination port ${port}`]),
        ...(networks.length === 0 ? [] : [`set ${filter} source group ${kind}-group ${group}`]),
      ];
    }),
  );
}

/** A form to be filled in: OPNsense and pfSense are configured by hand in the browser. */
function opnsense(forwards: readonly Forward[]): string {
  return lines(
    "Firewall > NAT > Port Forward (Destination NAT), one entry each:",
    ...forwards.flatMap((forward) => [
      "",
      `  Interface            ${forward.outside.interface} (usually WAN)`,
      `  Protocol             ${forward.protocol === "esp" ? "ESP" : "UDP"}`,
      `  Source               ${sourceText(forward)}`,
      `  Destination          ${forward.outside.address}`,
      ...(forward.port === undefined ? [] : [`  Destination port     ${forward.port}`]),
      `  Redirect target IP   ${forward.target}`,
      ...(forward.port === undefined ? [] : [`  Redirect target port ${forward.port}`]),
      `  Description          ${comment(forward)}`,
      "  Filter rule          Pass",
    ]),
    "",
    "Firewall > NAT > Outbound, hybrid mode, so that the source port is not rewritten:",
    "",
    ...forwards
      .slice(0, 1)
      .flatMap(({ outside, target }) => [
        `  Interface            ${outside.interface}`,
        "  Protocol             UDP",
        `  Source               ${target}/32`,
        `  Translation          ${outside.address}`,
        "  Static port          yes",
      ]),
  );
}

function sourceText(forward: Forward): string {
  const sources = allowed(forward);
  return sources === "any" ? "any" : `an alias with ${sources.join(", ")}`;
}
