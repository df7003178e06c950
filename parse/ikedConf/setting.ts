import type { Cursor } from "../bsdConf/cursor";

/** A `set` line: global to the daemon. */
export interface Setting {
  /** As written: `active`, `fragmentation`, `dpd_check_interval`, `ocsp` … */
  readonly name: string;
  /** Of `dpd_check_interval` the seconds, of `ocsp` the URL. */
  readonly value?: string;
}

const SWITCHES = [
  ...["active", "passive", "couple", "decouple", "cert_partial_chain"],
  ...["fragmentation", "nofragmentation", "mobike", "nomobike", "vendorid", "novendorid"],
  ...["enforcesingleikesa", "noenforcesingleikesa", "stickyaddress", "nostickyaddress"],
];

/** A setting after its `set` (iked/parse.y, set). @throws SyntaxProblem */
export function setting(cursor: Cursor): Setting {
  const name = cursor.takeOneOf(...SWITCHES);
  if (name !== undefined) return { name };
  if (cursor.take("dpd_check_interval")) {
    return { name: "dpd_check_interval", value: String(cursor.number()) };
  }
  if (!cursor.take("ocsp")) return cursor.fail();
  const value = cursor.string();
  if (cursor.take("tolerate")) {
    cursor.stringOrNumber();
    if (cursor.take("maxage")) cursor.stringOrNumber();
  }
  return { name: "ocsp", value };
}
