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
  readonly pf: { readonly enabled: boolean };
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
    pf: { enabled: rows("pf").some((row) => row.startsWith("Status: Enabled")) },
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
  const [, name, wanted, actual] = /^(\S+) (on|off) (running|stopped)$/.exec(row) ?? [];
  return name === undefined
    ? []
    : [{ name, enabled: wanted === "on", running: actual === "running" }];
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
