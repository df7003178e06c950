import { z } from "zod";
import type { Value } from "../types";

/** One line of `ipsecctl -s flow`. */
const flow = z.object({
  protocol: z.string(),
  /** Of a flow `in`, `from` is the remote side. `?` is what ipsecctl prints for an unknown one. */
  direction: z.enum(["in", "out", "?"]),
  from: z.string(),
  to: z.string(),
  /** What alone it carries: a name of /etc/protocols, or a number; absent: everything. */
  carries: z.string().optional(),
  /** ipsecctl prints a name of /etc/services; gwctl makes it a number. */
  fromPort: z.string().optional(),
  toPort: z.string().optional(),
  local: z.string().optional(),
  peer: z.string().optional(),
  /** isakmpd prints bare or `ADDRESS/32` identities, iked `TYPE/VALUE`. */
  srcid: z.string().optional(),
  dstid: z.string().optional(),
  /** `require`, `use`, `bypass` …; `?` if unknown. */
  type: z.string(),
});

/** One line of `ipsecctl -s sa`. Never holds a key. */
const sa = z.object({
  protocol: z.string(),
  mode: z.string().optional(),
  from: z.string(),
  to: z.string(),
  /** 0x and eight hexadecimal digits, lower case. */
  spi: z.string(),
  integrity: z.string().optional(),
  /** As ipsecctl prints it: `aes` is AES-128. */
  encryption: z.string().optional(),
});

/** A rule of `pfctl -v -s rules` and its counters, where they are shown. */
const rule = z.object({
  rule: z.string(),
  evaluations: z.number().optional(),
  packets: z.number().optional(),
  bytes: z.number().optional(),
  /** That it made and that are there now. */
  states: z.number().optional(),
});

/** What `gateway flows --json` prints. */
export const flows = z.object({ flows: z.array(flow), sas: z.array(sa) });

/** What `gateway rules --json` prints. */
export const rules = z.object({ rules: z.array(rule) });

export type Flow = Value<typeof flow>;
export type SecurityAssociation = Value<typeof sa>;
export type RuleCount = Value<typeof rule>;
export type Flows = Value<typeof flows>;
export type Rules = Value<typeof rules>;
