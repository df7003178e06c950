import type { Cursor } from "../bsdConf/cursor";
import { type Host, host, hostSpec, identities, peers, port, seconds } from "../bsdConf/hosts";

/** One `ikesa` or `childsa`: several of a kind are alternatives, none of a kind the daemon's. */
export interface Proposal {
  readonly auth: readonly string[];
  readonly enc: readonly string[];
  readonly prf: readonly string[];
  readonly group: readonly string[];
  readonly esn: readonly ("esn" | "noesn")[];
}

export interface Flow {
  readonly from: Host;
  readonly to: Host;
}

/** How the two sides prove who they are. */
export type Authentication =
  /** `secret` is text, or hexadecimal when it starts with 0x. */
  | { readonly method: "psk"; readonly secret: string }
  | { readonly method: "pskFile"; readonly path: string }
  | { readonly method: "eap"; readonly type: string }
  /** `rsa`, `ecdsa256` …; absent: any signature. */
  | { readonly method: "signature"; readonly type?: string };

/** `config` hands a value out, `request` asks for one. */
export interface ConfigValue {
  readonly action: "config" | "request";
  readonly option: string;
  readonly value: string;
}

export interface Policy {
  readonly name?: string;
  readonly match?: "quick" | "skip" | "default";
  /** Default passive. */
  readonly mode: "active" | "passive";
  readonly ipcomp: boolean;
  /** Default tunnel. */
  readonly encapsulation: "tunnel" | "transport";
  /** Whether UDP is forced. */
  readonly natt: boolean;
  /** Default esp. */
  readonly protocol: "esp" | "ah";
  readonly family?: "inet" | "inet6";
  /** Names or numbers of the only protocols that are protected; none: all. */
  readonly protos: readonly string[];
  readonly rdomain?: number;
  /** All of them in one child SA. */
  readonly flows: readonly Flow[];
  readonly local?: string;
  readonly peer?: string;
  /** Empty: iked's own, which include weak ones. */
  readonly ikesa: readonly Proposal[];
  readonly childsa: readonly Proposal[];
  readonly srcid?: string;
  readonly dstid?: string;
  /** Seconds; absent or 0: the IKE SA is never renewed. */
  readonly ikelifetime?: number;
  /** Seconds; default three hours. */
  readonly lifetime?: number;
  /** Default 4 GiB. */
  readonly bytes?: number;
  readonly authentication: Authentication;
  readonly config: readonly ConfigValue[];
  /** Route-based: the sec(4) interface. */
  readonly iface?: string;
  readonly tag?: string;
  readonly tap?: string;
}

/** A policy after its `ikev2` (iked/parse.y, ikev2rule). @throws SyntaxProblem */
export function policy(cursor: Cursor): Policy {
  const name = cursor.seesString() ? cursor.string() : undefined;
  const match = cursor.takeOneOf("quick", "skip", "default");
  const mode = cursor.takeOneOf("passive", "active") ?? "passive";
  const ipcomp = cursor.take("ipcomp");
  const encapsulation = cursor.takeOneOf("tunnel", "transport") ?? "tunnel";
  const natt = cursor.take("natt");
  const protocol = cursor.takeOneOf("esp", "ah") ?? "esp";
  const family = cursor.takeOneOf("inet", "inet6");
  return {
    ...(name !== undefined && { name }),
    ...(match !== undefined && { match }),
    ...{ mode, ipcomp, encapsulation, natt, protocol },
    ...(family !== undefined && { family }),
    protos: cursor.take("proto") ? protocols(cursor) : [],
    ...(cursor.take("rdomain") && { rdomain: cursor.number() }),
    flows: flows(cursor),
    ...peers(cursor, (from) => (from.take("any") ? "any" : hostSpec(from))),
    ikesa: proposals(cursor, "ikesa"),
    childsa: proposals(cursor, "childsa"),
    ...identities(cursor),
    ...(cursor.take("ikelifetime") && { ikelifetime: seconds(cursor) }),
    ...lifetimes(cursor),
    authentication: authentication(cursor),
    config: configValues(cursor),
    ...(cursor.take("iface") && { iface: cursor.string() }),
    ...filters(cursor),
  };
}

function protocols(cursor: Cursor): string[] {
  if (!cursor.takeMark("{")) return [cursor.stringOrNumber()];
  const found = [cursor.stringOrNumber()];
  while (!cursor.takeMark("}")) {
    cursor.takeMark(",");
    found.push(cursor.stringOrNumber());
  }
  return found;
}

function flows(cursor: Cursor): Flow[] {
  const found = [flow(cursor)];
  while (cursor.takeMark(",") || cursor.sees("from") || cursor.sees("to")) found.push(flow(cursor));
  return found;
}

function flow(cursor: Cursor): Flow {
  const first = cursor.takeOneOf("from", "to") ?? cursor.fail("from and to are missing");
  const one = end(cursor);
  const second = first === "from" ? "to" : "from";
  if (!cursor.take(second)) cursor.fail(`${second} is missing`);
  const other = end(cursor);
  return first === "from" ? { from: one, to: other } : { from: other, to: one };
}

function end(cursor: Cursor): Host {
  return { ...host(cursor, "any", "dynamic"), ...port(cursor) };
}

function proposals(cursor: Cursor, keyword: "ikesa" | "childsa"): Proposal[] {
  const found: Proposal[] = [];
  while (cursor.take(keyword)) found.push(proposal(cursor));
  return found;
}

function proposal(cursor: Cursor): Proposal {
  const found = {
    auth: [] as string[],
    enc: [] as string[],
    prf: [] as string[],
    group: [] as string[],
    esn: [] as ("esn" | "noesn")[],
  };
  for (;;) {
    const kind = cursor.takeOneOf("auth", "enc", "prf", "group");
    const esn = kind === undefined ? cursor.takeOneOf("esn", "noesn") : undefined;
    if (kind !== undefined) found[kind].push(cursor.string());
    else if (esn !== undefined) found.esn.push(esn);
    else return found;
  }
}

function lifetimes(cursor: Cursor): { lifetime?: number; bytes?: number } {
  if (!cursor.take("lifetime")) return {};
  const lifetime = seconds(cursor);
  return cursor.take("bytes") ? { lifetime, bytes: bytes(cursor) } : { lifetime };
}

function bytes(cursor: Cursor): number {
  const text = cursor.stringOrNumber();
  const [, digits, unit = ""] = /^(\d+)([KMG]?)$/i.exec(text) ?? cursor.fail("invalid byte unit");
  const power = { K: 1, M: 2, G: 3 }[unit.toUpperCase()] ?? 0;
  return Number(digits) * 1024 ** power;
}

const SIGNATURES = ["rsa", "ecdsa256", "ecdsa384", "ecdsa521", "rfc7427", "signature"];

function authentication(cursor: Cursor): Authentication {
  if (cursor.take("psk")) {
    return cursor.take("file")
      ? { method: "pskFile", path: cursor.string() }
      : { method: "psk", secret: cursor.string() };
  }
  if (cursor.take("eap")) {
    const type = cursor.take("radius") ? "radius" : cursor.string();
    return { method: "eap", type };
  }
  if (!cursor.seesString()) return { method: "signature" };
  const type = cursor.stringOf(...SIGNATURES);
  return type === undefined
    ? cursor.failHere("not a valid authentication mode")
    : { method: "signature", type };
}

function configValues(cursor: Cursor): ConfigValue[] {
  const found: ConfigValue[] = [];
  for (;;) {
    const action = cursor.takeOneOf("config", "request");
    if (action === undefined) return found;
    const option = cursor.string();
    const value = action === "request" && cursor.take("any") ? "any" : hostSpec(cursor);
    found.push({ action, option, value });
  }
}

function filters(cursor: Cursor): { tag?: string; tap?: string } {
  const found: { tag?: string; tap?: string } = {};
  for (;;) {
    const kind = cursor.takeOneOf("tag", "tap");
    if (kind === undefined) return found;
    found[kind] = cursor.string();
  }
}
