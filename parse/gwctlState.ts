import {
  type ChildSa,
  type IkeFlow,
  type IkeSa,
  parseChildSa,
  parseIkeFlow,
  parseIkeSa,
} from "./ikectl";
import type { Flow, SecurityAssociation } from "../contract/documents/kernel";
import { GWCTL_LINE, type StateSection } from "../contract/gwctl";
import { parseFlow, parseSa } from "./ipsecctl";
import { type IsakmpdSa, parseIsakmpdResult } from "./isakmpdResult";
import { parseProposalRecords, type ProposalRecord } from "./proposalRecord";
import {
  parseSecInterfaces,
  parseSecRoutes,
  type SecInterface,
  type SecRoute,
} from "./secInterfaces";
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

/** A daemon that the watchdog found dead. */
export interface DaemonStarts {
  readonly daemon: string;
  /** How often the watchdog started it, or tried to. */
  readonly starts: number;
  /** Seconds since 1970. */
  readonly lastStart: number;
  /** What came of the last start. */
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
  readonly state: "up" | "down" | "disabled" | "unresolved";
}

/** Where a tunnel's peer is that is given by name. */
export interface NamedPeer {
  readonly host: string;
  /** The address in use; undefined while there is none. */
  readonly address?: string | undefined;
  /** What is wrong with the last answer, or not yet taken. */
  readonly reason?: string | undefined;
}

/** What the watchdog has made of the routes of a tunnel that is of a group. */
export interface GroupState {
  readonly group: string;
  readonly priority: number;
  /** Whether its routes are in the kernel's table; the one of the lowest priority carries. */
  readonly routed: boolean;
  /** Since when, seconds since 1970; undefined: the watchdog has not changed it. */
  readonly since?: number | undefined;
  readonly reason?: string | undefined;
}

/** What `gwctl state` says of the gateway. A section that is missing is empty: its readers name it. */
export interface GatewayState {
  readonly version?: string | undefined;
  readonly files: readonly ManagedFile[];
  readonly services: readonly ServiceState[];
  readonly tunnels: readonly TunnelState[];
  /** By tunnel. */
  readonly names: ReadonlyMap<string, NamedPeer>;
  /** By tunnel, of those that are of a group. */
  readonly groups: ReadonlyMap<string, GroupState>;
  /** By tunnel, of those with several proposals of a phase. */
  readonly proposals: ReadonlyMap<string, ProposalRecord>;
  /** SHA-256 of the public half of a daemon's own key, PEM, by daemon; where a tunnel needs it. */
  readonly ownKeys: ReadonlyMap<string, string>;
  readonly flows: readonly Flow[];
  readonly sas: readonly SecurityAssociation[];
  /** iked's SAs, or isakmpd's: one daemon runs at a time. */
  readonly ike: {
    readonly sas: readonly IkeSa[];
    readonly children: readonly ChildSa[];
    readonly flows: readonly IkeFlow[];
    readonly isakmpd: readonly IsakmpdSa[];
  };
  /** What route-based tunnels have in place of flows. */
  readonly sec: {
    readonly interfaces: readonly SecInterface[];
    readonly routes: readonly SecRoute[];
  };
  readonly pf: {
    readonly enabled: boolean;
    readonly rules: RulesState;
    /** The stack's further rules, in their anchor. */
    readonly userRules: RulesState;
    /** Whether rc(8)'s own rules run, which stay where pf.conf did not load at boot. */
    readonly bootRules: boolean;
  };
  /** Unconfirmed texts that run, `pf`, `pfuser` or `sshd`, and when they are taken back (seconds since 1970). */
  readonly trials: ReadonlyMap<string, number>;
  /** Confirmed texts that should run and do not, each with what does instead. */
  readonly stuck: ReadonlyMap<string, string>;
  readonly watchdog: readonly WatchState[];
  readonly daemonStarts: readonly DaemonStarts[];
  readonly sysctls: ReadonlyMap<string, string>;
  /** Seconds since boot. */
  readonly uptime?: number | undefined;
}

/** Reads the snapshot. Lines of unknown form are passed over; never throws. */
export function parseGwctlState(text: string): GatewayState {
  const sections = sectionsOf(text);
  const rows = (name: StateSection) => sections.get(name) ?? [];
  const ike = rows("ike");
  return {
    version: GWCTL_LINE.version.exec(rows("gwctl")[0] ?? "")?.groups?.version,
    files: rows("files").flatMap(parseFile),
    services: rows("services").flatMap(parseService),
    tunnels: rows("tunnels").flatMap(parseTunnel),
    names: new Map(rows("names").flatMap(parseName)),
    groups: new Map(rows("groups").flatMap(parseGroup)),
    proposals: parseProposalRecords(rows("proposals")),
    ownKeys: new Map(rows("keys").flatMap(parseOwnKey)),
    flows: rows("flows").flatMap((row) => parseFlow(row) ?? []),
    sas: rows("sas").flatMap((row) => parseSa(row) ?? []),
    ike: {
      sas: ike.flatMap((row) => parseIkeSa(row) ?? []),
      children: ike.flatMap((row) => parseChildSa(row) ?? []),
      flows: ike.flatMap((row) => parseIkeFlow(row) ?? []),
      isakmpd: parseIsakmpdResult(ike.join("\n")),
    },
    sec: {
      interfaces: parseSecInterfaces(rows("sec")),
      routes: parseSecRoutes(rows("sec")),
    },
    pf: {
      enabled: rows("pf").some((row) => row.startsWith("Status: Enabled")),
      rules: parseRules(rows("rules"), "pf"),
      userRules: parseRules(rows("rules"), "pfuser"),
      bootRules: rows("rules").some((row) => GWCTL_LINE.bootRules.test(row)),
    },
    stuck: new Map(rows("rules").flatMap(parseStuck)),
    trials: new Map(rows("rules").flatMap(parseTrial)),
    watchdog: rows("watchdog").flatMap(parseWatch),
    daemonStarts: rows("watchdog").flatMap(parseStarts),
    sysctls: new Map(rows("sysctls").flatMap(parseSysctl)),
    uptime: rows("uptime").flatMap(parseSeconds)[0],
  };
}

function parseFile(row: string): ManagedFile[] {
  const { sha256, mode, path } = GWCTL_LINE.file.exec(row)?.groups ?? {};
  return sha256 === undefined || mode === undefined || path === undefined
    ? []
    : [{ sha256, mode, path }];
}

function parseOwnKey(row: string): [string, string][] {
  const { daemon, sha256 } = GWCTL_LINE.key.exec(row)?.groups ?? {};
  return daemon === undefined || sha256 === undefined ? [] : [[daemon, sha256]];
}

function parseService(row: string): ServiceState[] {
  const { name, wanted, actual, flags = "" } = GWCTL_LINE.service.exec(row)?.groups ?? {};
  return name === undefined
    ? []
    : [{ name, enabled: wanted === "on", running: actual === "running", flags }];
}

function parseRules(rows: readonly string[], kind: "pf" | "pfuser"): RulesState {
  const sums = rows.map((row) => GWCTL_LINE.checksum.exec(row)?.groups);
  const sum = (which: "loaded" | "file") =>
    sums.find((one) => one?.kind === kind && one.which === which)?.sha256;
  return { loaded: sum("loaded"), file: sum("file") };
}

function parseTrial(row: string): [string, number][] {
  const { kind, end } = GWCTL_LINE.trial.exec(row)?.groups ?? {};
  return kind === undefined ? [] : [[kind, Number(end)]];
}

function parseStuck(row: string): [string, string][] {
  const { kind, instead } = GWCTL_LINE.stuck.exec(row)?.groups ?? {};
  return kind === undefined || instead === undefined ? [] : [[kind, instead]];
}

function parseWatch(row: string): WatchState[] {
  const {
    name,
    failures,
    resets,
    last,
    reason = "",
  } = GWCTL_LINE.watchedTunnel.exec(row)?.groups ?? {};
  if (name === undefined) return [];
  const lastReset = Number(last) > 0 ? Number(last) : undefined;
  return [{ name, failures: Number(failures), resets: Number(resets), lastReset, reason }];
}

function parseStarts(row: string): DaemonStarts[] {
  const { daemon, starts, last, reason = "" } = GWCTL_LINE.watchedDaemon.exec(row)?.groups ?? {};
  return daemon === undefined || Number(starts) === 0
    ? []
    : [{ daemon, starts: Number(starts), lastStart: Number(last), reason }];
}

function parseTunnel(row: string): TunnelState[] {
  const { name, daemon, state } = GWCTL_LINE.tunnel.exec(row)?.groups ?? {};
  return name === undefined || daemon === undefined
    ? []
    : [{ name, daemon, state: STATES.find((known) => known === state) ?? "disabled" }];
}

const STATES = ["up", "down", "unresolved"] as const;

function parseName(row: string): [string, NamedPeer][] {
  const { name, host, address, reason } = GWCTL_LINE.name.exec(row)?.groups ?? {};
  if (name === undefined || host === undefined) return [];
  return [[name, { host, address: address === "-" ? undefined : address, reason }]];
}

function parseGroup(row: string): [string, GroupState][] {
  const { name, group, priority, state, since, reason } = GWCTL_LINE.group.exec(row)?.groups ?? {};
  if (name === undefined || group === undefined) return [];
  const time = Number(since) > 0 ? Number(since) : undefined;
  const routed = state === "on";
  return [[name, { group, priority: Number(priority), routed, since: time, reason }]];
}

function parseSysctl(row: string): [string, string][] {
  const { name, value } = GWCTL_LINE.sysctl.exec(row)?.groups ?? {};
  return name === undefined || value === undefined ? [] : [[name, value]];
}

function parseSeconds(row: string): number[] {
  const seconds = GWCTL_LINE.seconds.exec(row)?.groups?.seconds;
  return seconds === undefined ? [] : [Number(seconds)];
}
