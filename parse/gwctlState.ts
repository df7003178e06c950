import {
  type ChildSa,
  type IkeFlow,
  type IkeSa,
  parseChildSa,
  parseIkeFlow,
  parseIkeSa,
} from "./ikectl";
import { type Flow, parseFlow, parseSa, type SecurityAssociation } from "./ipsecctl";
import { type IsakmpdSa, parseIsakmpdResult } from "./isakmpdResult";
import { sectionsOf } from "./sections";

export interface ManagedFile {
  readonly sha256: string;
  /** As stat(1) prints the permissions, such as 0600. */
  readonly mode: string;
  readonly path: string;
}

export interface ServiceState {
  readonly name: string;
  readonly enabled: boolean;
  readonly running: boolean;
  /** Of rc.conf.local, as rcctl(8) prints them; empty for the service's own. */
  readonly flags: string;
}

/** What the watchdog did to one tunnel. Times are seconds since 1970. */
export interface WatchState {
  readonly name: string;
  /** Probes in a row that were not answered. */
  readonly failures: number;
  readonly resets: number;
  readonly lastReset?: number | undefined;
  /** Why it last reset the tunnel, or left it alone. */
  readonly reason: string;
}

/** Checksums of the rules in their normal form; equal when what is loaded is what the file says. */
export interface RulesState {
  readonly loaded?: string | undefined;
  readonly file?: string | undefined;
}

export interface TunnelState {
  readonly name: string;
  readonly daemon: string;
  /** What was asked for; whether it carries packets is in flows and sas. */
  readonly state: "up" | "down" | "disabled";
}

/** What `gwctl state` says of the gateway. A section that is missing is empty. */
export interface GatewayState {
  readonly version?: string | undefined;
  readonly files: readonly ManagedFile[];
  readonly services: readonly ServiceState[];
  readonly tunnels: readonly TunnelState[];
  readonly flows: readonly Flow[];
  readonly sas: readonly SecurityAssociation[];
  /** iked's SAs, or isakmpd's: one daemon runs at a time. */
  readonly ike: {
    readonly sas: readonly IkeSa[];
    readonly children: readonly ChildSa[];
    readonly flows: readonly IkeFlow[];
    readonly isakmpd: readonly IsakmpdSa[];
  };
  readonly pf: { readonly enabled: boolean; readonly rules: RulesState };
  /** Unconfirmed texts that run, `pf` or `sshd`, and when they are taken back (seconds since 1970). */
  readonly trials: ReadonlyMap<string, number>;
  readonly watchdog: readonly WatchState[];
  readonly sysctls: ReadonlyMap<string, string>;
  /** Seconds since boot. */
  readonly uptime?: number | undefined;
}

/** Reads the snapshot. Lines of unknown form are passed over; never throws. */
export function parseGwctlState(text: string): GatewayState {
  const sections = sectionsOf(text);
  const rows = (name: string) => sections.get(name) ?? [];
  const ike = rows("ike");
  return {
    version: /^version (\S+)$/.exec(rows("gwctl")[0] ?? "")?.[1],
    files: rows("files").flatMap(parseFile),
    services: rows("services").flatMap(parseService),
    tunnels: rows("tunnels").flatMap(parseTunnel),
    flows: rows("flows").flatMap((row) => parseFlow(row) ?? []),
    sas: rows("sas").flatMap((row) => parseSa(row) ?? []),
    ike: {
      sas: ike.flatMap((row) => parseIkeSa(row) ?? []),
      children: ike.flatMap((row) => parseChildSa(row) ?? []),
      flows: ike.flatMap((row) => parseIkeFlow(row) ?? []),
      isakmpd: parseIsakmpdResult(ike.join("\n")),
    },
    pf: {
      enabled: rows("pf").some((row) => row.startsWith("Status: Enabled")),
      rules: parseRules(rows("rules")),
    },
    trials: new Map(rows("rules").flatMap(parseTrial)),
    watchdog: rows("watchdog").flatMap(parseWatch),
    sysctls: new Map(rows("sysctls").flatMap(parseSysctl)),
    uptime: parseSeconds(rows("uptime")[0]),
  };
}

function parseFile(row: string): ManagedFile[] {
  const [, sha256, mode, path] = /^([0-9a-f]{64}) ([0-7]{3,4}) (\/.*)$/.exec(row) ?? [];
  return sha256 === undefined || mode === undefined || path === undefined
    ? []
    : [{ sha256, mode, path }];
}

function parseService(row: string): ServiceState[] {
  const [, name, wanted, actual, flags = ""] =
    /^(\S+) (on|off) (running|stopped)(?: (.*))?$/.exec(row) ?? [];
  return name === undefined
    ? []
    : [{ name, enabled: wanted === "on", running: actual === "running", flags }];
}

function parseRules(rows: readonly string[]): RulesState {
  const sum = (what: string) =>
    rows.flatMap((row) => new RegExp(`^pf ${what} ([0-9a-f]{64})$`).exec(row)?.[1] ?? [])[0];
  return { loaded: sum("loaded"), file: sum("file") };
}

function parseTrial(row: string): [string, number][] {
  const [, kind, deadline] = /^(\S+) trial (\d{1,12})$/.exec(row) ?? [];
  return kind === undefined ? [] : [[kind, Number(deadline)]];
}

function parseWatch(row: string): WatchState[] {
  const [, name, failures, resets, last, reason = ""] =
    /^(\S+) failures=(\d{1,9}) resets=(\d{1,9}) last=(\d{1,12})(?: (.*))?$/.exec(row) ?? [];
  if (name === undefined) return [];
  const lastReset = Number(last) > 0 ? Number(last) : undefined;
  return [{ name, failures: Number(failures), resets: Number(resets), lastReset, reason }];
}

function parseTunnel(row: string): TunnelState[] {
  const [, name, daemon, state] = /^(\S+) (\S+) (up|down|disabled)$/.exec(row) ?? [];
  return name === undefined || daemon === undefined
    ? []
    : [{ name, daemon, state: state === "up" || state === "down" ? state : "disabled" }];
}

function parseSysctl(row: string): [string, string][] {
  const [, name, value] = /^([\w.-]+)=(.*)$/.exec(row) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}

function parseSeconds(row: string | undefined): number | undefined {
  return row !== undefined && /^\d{1,12}$/.test(row) ? Number(row) : undefined;
}
