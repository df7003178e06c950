import { devices, peerFormats, type Device } from "../../../config/vendors";
import type { Lifetimes } from "../../../config/vendors/device";
import { VENDORS } from "../../../config/vendors/names";
import { section, table } from "./support";

it("docs/peers.md says what can be written for another end", () => {
  const rows = peerFormats.map(({ name, holds, kinds }) => [
    `\`${name}\``,
    holds,
    kinds.join(", "),
  ]);
  const wanted = table(["`--vendor`", "what it writes", "tunnels of kind"], rows);
  expect(section("peers.md", "formats", wanted)).toBe(wanted);
});

/** What holds in both versions of IKE, or each with its version. */
function byVersion(of: (version: 1 | 2) => string): string {
  const [first, second] = [of(1), of(2)];
  return first === second ? first : `IKEv1: ${first}; IKEv2: ${second}`;
}

function between([shortest, longest]: Lifetimes): string {
  return longest === Infinity ? `${shortest} or more` : `${shortest} to ${longest}`;
}

function row(device: Device): string[] {
  const { words, selectors, ownId, key, deadPeerSeconds } = device;
  return [
    device.title,
    byVersion((version) => ("none" in words[version].espGroup ? "or none" : "always")),
    byVersion((version) => String(selectors[version] ?? "any")),
    byVersion((version) => ownId[version]),
    key?.says ?? "any",
    between(device.phase1Lifetime),
    between(device.phase2Lifetime),
    deadPeerSeconds === null ? "any" : between(deadPeerSeconds),
  ];
}

it("docs/peers.md says what else limits each device", () => {
  const head = ["device", "PFS", "pairs of networks", "knows itself by", "key (GW082)"];
  const seconds = ["phase 1, s", "phase 2, s", "dead peer, s"];
  const wanted = table(
    [...head, ...seconds],
    VENDORS.map((vendor) => row(devices[vendor])),
  );
  expect(section("peers.md", "devices", wanted)).toBe(wanted);
});
