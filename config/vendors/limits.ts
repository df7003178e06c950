import { isDistinguishedName } from "../identity";
import { family, parseAddress } from "../net";
import { fixedAddress } from "../peer";
import type { Traffic, Tunnel } from "../schema";
import type { DeviceRole } from "../algorithms/deviceWords";
import type { Device, Lifetimes } from "./device";

/** Something that the device has no setting for. */
export interface Limit {
  readonly kind: "algorithm" | "lifetime" | "selector" | "identity" | "start";
  /** Place in the tunnel, such as `phase1.encryption`. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** The part of a tunnel that the other side has to be able to configure. */
export interface Mirrored extends Readonly<
  Pick<Tunnel, "peer" | "kind" | "mode" | "localId" | "remoteId" | "phase1" | "phase2">
> {
  readonly ikeVersion: 1 | 2;
  /** The gateway's public address, where it is known: the peer's is of its family, by whatever name it goes. */
  readonly gateway: string | undefined;
  /** What is negotiated, seen from the gateway. */
  readonly selectors: readonly {
    readonly remote: string;
    readonly protocol?: Traffic["protocol"] | undefined;
    readonly localPort?: number | undefined;
    readonly remotePort?: number | undefined;
  }[];
}

/** Everything about the tunnel that the device cannot mirror; empty if it can. */
export function limitsOf(device: Device, tunnel: Mirrored): Limit[] {
  return [
    ...algorithms(device, tunnel),
    ...lifetimes(device, tunnel),
    ...selectors(device, tunnel),
    ...identities(device, tunnel),
    ...starts(device, tunnel),
  ];
}

function algorithms(device: Device, { ikeVersion, phase1, phase2 }: Mirrored): Limit[] {
  const known = device.words[ikeVersion];
  const named: [path: string, role: DeviceRole, algorithm: string | undefined][] = [
    ["phase1.encryption", "ikeEncryption", phase1.encryption],
    ["phase1.integrity", "ikeIntegrity", phase1.integrity],
    ["phase1.prf", "ikePrf", phase1.prf],
    ["phase1.group", "ikeGroup", phase1.group],
    ["phase2.encryption", "espEncryption", phase2.encryption],
    ["phase2.integrity", "espIntegrity", phase2.integrity],
    ["phase2.group", "espGroup", phase2.group],
  ];
  const limits = named.flatMap(([path, role, algorithm]): Limit[] => {
    if (algorithm === undefined || Object.hasOwn(known[role], algorithm)) return [];
    // The PRF stands for itself with AEAD only; else it is the integrity, which is named already.
    if (role === "ikePrf" && algorithm === phase1.integrity) return [];
    const message = `${device.title} has no ${algorithm} in IKEv${ikeVersion}`;
    return [
      {
        kind: "algorithm",
        path,
        message: algorithm === "none" ? `${device.title} always wants PFS` : message,
        fix: `write one of ${strongestFirst(Object.keys(known[role])).join(", ")}`,
      },
    ];
  });
  const { integrity, prf } = phase1;
  if (!device.ownPrf && integrity !== undefined && prf !== integrity) {
    const message = `${device.title} takes the integrity for the PRF`;
    limits.push({ kind: "algorithm", path: "phase1.prf", message, fix: "remove it" });
  }
  if (phase2.esn === true && !device.esn) {
    const message = `${device.title} has no setting for extended sequence numbers`;
    limits.push({ kind: "algorithm", path: "phase2.esn", message, fix: "remove it" });
  }
  return limits;
}

function strongestFirst(names: readonly string[]): string[] {
  return names.filter((name) => name !== "none").reverse();
}

function lifetimes(device: Device, { phase1, phase2 }: Mirrored): Limit[] {
  const check = (path: string, value: number, [shortest, longest]: Lifetimes): Limit[] =>
    value >= shortest && value <= longest
      ? []
      : [
          {
            kind: "lifetime",
            path,
            message: `${device.title} takes ${shortest} to ${longest} seconds`,
            fix: `write ${value < shortest ? shortest : longest}`,
          },
        ];
  return [
    ...check("phase1.lifetime", phase1.lifetime, device.phase1Lifetime),
    ...check("phase2.lifetime", phase2.lifetime, device.phase2Lifetime),
  ];
}

function selectors(device: Device, tunnel: Mirrored): Limit[] {
  const limit = (path: string, message: string, fix: string): Limit => ({
    kind: "selector",
    path,
    message: `${device.title} ${message}`,
    fix,
  });
  const limits: Limit[] = [];
  if (!device.kinds.includes(tunnel.kind)) {
    limits.push(limit("kind", `has no tunnels of kind ${tunnel.kind}`, "write kind: policy"));
  }
  const six = (one: string | undefined) => one !== undefined && family(one) === 6;
  if (!device.ipv6 && [tunnel.peer, tunnel.gateway].some(six)) {
    const fix = "use IPv4 between the two, or leave vendor out and send the sheet";
    limits.push(limit("peer", "is configured for IPv4 only here", fix));
  } else if (!device.ipv6 && tunnel.selectors.some(({ remote }) => six(remote))) {
    limits.push(limit("remote", "is configured for IPv4 only here", "use IPv4 networks"));
  }
  const kinds = new Set(
    tunnel.selectors.map(({ protocol, localPort, remotePort }) =>
      [protocol, localPort, remotePort].join(),
    ),
  );
  if (device.traffic === "none" && tunnel.selectors.some(({ protocol }) => protocol)) {
    limits.push(limit("traffic", "negotiates all protocols", "remove it, and filter with pf"));
  } else if (device.traffic === "one" && tunnel.ikeVersion === 2 && kinds.size > 1) {
    const message = "takes one protocol with the same ports for all pairs of an IKEv2 child SA";
    limits.push(limit("traffic", message, "write the same one for all, or filter with pf"));
  }
  const most = device.selectors[tunnel.ikeVersion];
  if (most !== null && tunnel.selectors.length > most) {
    const message = `takes ${most} pair of networks in an IKEv${tunnel.ikeVersion} child SA`;
    const routed = device.kinds.includes("route") ? ", or kind: route" : "";
    limits.push(limit("remote", message, `write one network that holds them${routed}`));
  }
  return limits;
}

function identities(device: Device, tunnel: Mirrored): Limit[] {
  const { peer, localId, remoteId, ikeVersion } = tunnel;
  const limits = device.distinguishedNames ? [] : named(device, tunnel);
  if (limits.length > 0) return limits;
  const own = device.ownId[ikeVersion];
  const byAddress = remoteId === fixedAddress(peer);
  if (own !== "any" && !byAddress && !(own !== "address" && remoteId.includes("@"))) {
    limits.push({
      kind: "identity",
      path: "remoteId",
      message: `${device.title} names itself by ${own} in IKEv${ikeVersion}`,
      fix:
        fixedAddress(peer) === undefined
          ? "give the device a fixed address, and write it as peer"
          : `remove it, which means ${peer}`,
    });
  }
  if (device.knowsByAddress && parseAddress(localId) === undefined) {
    limits.push({
      kind: "identity",
      path: "localId",
      message: `${device.title} knows a peer by its address`,
      fix: "remove it, which means network.publicAddress",
    });
  }
  return limits;
}

function named({ title }: Device, tunnel: Mirrored): Limit[] {
  return (["localId", "remoteId"] as const)
    .filter((path) => isDistinguishedName(tunnel[path]))
    .map((path) => ({
      kind: "identity",
      path,
      message: `${title} takes distinguished names from certificates only`,
      fix: "write an address, a host name or user@host name",
    }));
}

function starts({ title, neverStarts }: Device, { peer, mode, ikeVersion }: Mirrored): Limit[] {
  if (mode !== "passive" || neverStarts !== ikeVersion) return [];
  const message = `${title} does not start an IKEv${ikeVersion} tunnel`;
  const fix =
    fixedAddress(peer) === undefined
      ? "write the device's address as peer, and mode: active"
      : "write mode: active";
  return [{ kind: "start", path: "mode", message, fix }];
}
