import type { Cursor } from "./cursor";

/** One end of a flow as written. */
export interface Host {
  /** `ADDRESS`, `ADDRESS/PREFIX`, `any`, `dynamic`, an interface or a host name. */
  readonly spec: string;
  /** The network it is translated to: `10.0.0.0/24 (192.0.2.0/24)`. */
  readonly nat?: string;
  /** Number or name of the port. */
  readonly port?: string;
}

/** `STRING` or `STRING '/' NUMBER`. A bare number is no address. */
export function hostSpec(cursor: Cursor): string {
  const address = cursor.string();
  return cursor.takeMark("/") ? `${address}/${cursor.number()}` : address;
}

/** `SPEC`, `SPEC ( SPEC )` or one of the keywords given, such as `any`. */
export function host(cursor: Cursor, ...keywords: string[]): Host {
  const keyword = cursor.takeOneOf(...keywords);
  if (keyword !== undefined) return { spec: keyword };
  const spec = hostSpec(cursor);
  if (!cursor.takeMark("(")) return { spec };
  const nat = hostSpec(cursor);
  cursor.expectMark(")");
  return { spec, nat };
}

/** `port NUMBER|NAME`, if it is next. */
export function port(cursor: Cursor): { readonly port?: string } {
  return cursor.take("port") ? { port: cursor.stringOrNumber() } : {};
}

/** `srcid S`, `dstid S`, both in this order, or nothing. */
export function identities(cursor: Cursor): { readonly srcid?: string; readonly dstid?: string } {
  const srcid = cursor.take("srcid") ? cursor.string() : undefined;
  const dstid = cursor.take("dstid") ? cursor.string() : undefined;
  return { ...(srcid !== undefined && { srcid }), ...(dstid !== undefined && { dstid }) };
}

/** `peer X local Y` in either order, one of them, or nothing. */
export function peers(
  cursor: Cursor,
  address: (cursor: Cursor) => string,
): { readonly local?: string; readonly peer?: string } {
  const first = cursor.takeOneOf("peer", "local");
  if (first === undefined) return {};
  const found = { [first]: address(cursor) };
  const second = first === "peer" ? "local" : "peer";
  return cursor.take(second) ? { ...found, [second]: address(cursor) } : found;
}

/** Seconds of `NUMBER`, `"Nm"` or `"Nh"`. */
export function seconds(cursor: Cursor): number {
  const text = cursor.stringOrNumber();
  const [, digits, unit = ""] = /^(\d+)([mh]?)$/i.exec(text) ?? cursor.fail("invalid time unit");
  const factor = { m: 60, h: 3600 }[unit.toLowerCase()] ?? 1;
  return Number(digits) * factor;
}
