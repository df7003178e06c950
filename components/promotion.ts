import { createHash } from "node:crypto";
import { type Arm, armsOf, isTwoArmed } from "../config/arms";
import { fixedAddress, peerName } from "../config/peer";
import type { Promotion, StackConfig } from "../config/schema";
import type { Proof, Provable } from "../contract/proof";

const COPY = "a disk";
const HOUR_MS = 3_600_000;
/** By so much the clocks of two machines may differ. */
const SKEW_MS = 5 * 60_000;

/**
 * What two stacks have in common when one is the rehearsal of the other: everything but where they
 * are. Addresses, names of machines, sizes and credentials are a site's own; daemon, algorithms,
 * kinds of selectors and what the system gets are not.
 */
export function shapeHash(config: StackConfig): string {
  const { ike, network, system, perimeter } = config;
  const tunnels = config.tunnels.map(
    ({ pairs, localId, remoteId, psk, peerKey, peerRequest, probe, nat, ...rest }) => ({
      ...rest,
      peer: peerKind(rest.peer),
      pairs: pairs.map(({ local, remote, ...pair }) => ({
        ...pair,
        local: family(local),
        remote: family(remote),
      })),
      localId: idType(localId),
      remoteId: idType(remoteId),
      psk: psk === undefined ? "generated" : "given",
      peerKey: peerKey !== undefined,
      // Absent without one, so that the proofs from before stay good.
      ...(peerRequest !== undefined && { peerRequest: true }),
      probe: probe !== undefined,
      nat: nat?.networks ? "networks" : nat !== undefined,
    }),
  );
  const shape = {
    ike: ikeShape(ike),
    system,
    behindNat: network.behindNat,
    interface: network.interface,
    ...(isTwoArmed(network) && { arms: armsOf(network).map(armShape) }),
    perimeter: perimeter?.driver,
    tunnels: [...tunnels].sort((a, b) => a.name.localeCompare(b.name)),
  };
  return createHash("sha256").update(canonical(shape)).digest("hex");
}

/** Why a stack may not be updated on the strength of this proof, or undefined if it may. */
export function refusal(
  proof: Proof | undefined,
  current: Provable,
  { from, maxAgeHours }: Promotion,
  now: Date,
): string | undefined {
  const again = `run ./scripts/gateway verify --stack ${from}`;
  if (proof === undefined) return `stack ${from} was never proven: ${again}`;
  const age = now.getTime() - Date.parse(proof.at);
  if (age < -SKEW_MS) {
    return `the proof of stack ${from} is from the future (${proof.at}): set the clocks, then ${again}`;
  }
  const hours = age / HOUR_MS;
  if (Number.isNaN(hours)) return `the proof of stack ${from} has no time: ${again}`;
  if (hours > maxAgeHours) {
    return `the proof of stack ${from} is ${Math.round(hours)} hours old: ${again}`;
  }
  if (proof.shape !== current.shape) {
    return `stack ${from} was proven with another configuration: bring the two together, then ${again}`;
  }
  if (proof.code !== current.code) {
    return `stack ${from} was proven with another version of this program, of Pulumi or of Node.js: bring it up, then ${again}`;
  }
  // A copy of the proven gateway's disk has whatever source that has.
  if (current.source !== COPY && proof.source !== current.source) {
    return `stack ${from} was installed from ${proof.source}, this one is to be from ${current.source}`;
  }
  return undefined;
}

/** The release or the image a disk is made from, in words. */
export function sourceOf({ source }: StackConfig): string {
  if (source.iso) return `OpenBSD ${source.iso.release}`;
  if (source.disk) return COPY;
  const sha256 = source.image?.sha256;
  return sha256 === undefined ? "an image" : `image ${sha256}`;
}

/** A site's certificates are its own; absent without any, so that its proofs stay good. */
const ikeShape = ({ certificates, ...ike }: StackConfig["ike"]) => ({
  ...ike,
  ...(certificates && {
    certificates: {
      own: certificates.own !== undefined,
      crl: certificates.crl !== undefined,
      ...(certificates.authority && { authority: true }),
    },
  }),
});

/** Absent with one arm, so that its proofs stay good. */
const armShape = ({ side, vlan, aliases, ...arm }: Arm) => ({
  side,
  interface: arm.interface,
  vlan,
  aliases: aliases.length,
});

function peerKind(peer: string): string {
  if (peerName(peer) !== undefined) return "name";
  return fixedAddress(peer) === undefined ? peer : family(peer);
}

const family = (network: string): string => (network.includes(":") ? "inet6" : "inet");

function idType(id: string): string {
  if (/^[\d.]+$/.test(id) || id.includes(":")) return "address";
  return id.includes("@") ? "ufqdn" : "fqdn";
}

/** JSON whose keys are in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)))
      : part,
  );
}
