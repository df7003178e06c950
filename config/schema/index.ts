import { admin, type Admin } from "./admin";
import { hypervisor, type Hypervisor } from "./hypervisor";
import { ike, type Ike } from "./ike";
import { lan, type Lan } from "./lan";
import { machine, type Machine } from "./machine";
import { network, type NetworkConfig } from "./network";
import { perimeter, type Perimeter } from "./perimeter";
import { promotion, type Promotion } from "./promotion";
import { source, type DiskSource, type ImageSource, type IsoSource, type Source } from "./source";
import { system, type SystemConfig } from "./system";
import { type Tunnel, tunnelKeys } from "./tunnel";
import { watchdog, type Watchdog } from "./watchdog";

export type {
  Admin,
  Hypervisor,
  Ike,
  DiskSource,
  ImageSource,
  IsoSource,
  Lan,
  Machine,
  NetworkConfig,
  Perimeter,
  Promotion,
  Source,
  SystemConfig,
  Tunnel,
  Watchdog,
};
export type { Authority } from "./authority";
export type { Certificates, Daemon, ProfileName } from "./ike";
export type { Phase1, Phase1Declaration, Phase2 } from "./phases";
export type { Connection, Proxy } from "./connection";
export type { LanHost } from "./lan";
export type { DrivenPerimeter } from "./perimeter";
export { tunnel as tunnelSchema } from "./tunnel";
export type { Gre, Group, Nat, Pair, Sec, Traffic, TunnelDeclaration } from "./tunnel";

/** The sections of the stack's configuration. Shape only: what values mean together is in rules.ts. */
export const sections = {
  hypervisor,
  machine,
  source,
  network,
  admin,
  ike,
  perimeter,
  lan,
  system,
  watchdog,
  promotion,
} as const;

/** Every key below `config:` that the program reads, but the secrets that tunnels name. */
export const stackKeys = { ...sections, ...tunnelKeys };

/** The whole configuration: plain values, every default filled in, no secret. */
export interface StackConfig {
  readonly hypervisor: Hypervisor;
  readonly machine: Machine;
  readonly source: Source;
  readonly network: NetworkConfig;
  readonly admin: Admin;
  readonly ike: Ike;
  readonly system: SystemConfig;
  readonly watchdog: Watchdog;
  readonly tunnels: readonly Tunnel[];
  readonly perimeter?: Perimeter | undefined;
  readonly lan: Lan;
  readonly promotion?: Promotion | undefined;
}
