import type { IsSigned } from "./certificateRequest";
import type {
  Admin,
  Hypervisor,
  Ike,
  Lan,
  Machine,
  NetworkConfig,
  Perimeter,
  Source,
  SystemConfig,
  Tunnel,
  TunnelDeclaration,
  Watchdog,
} from "./schema";

/**
 * A tunnel with its defaults, and what was written: some rules check the one, some the other. Reading what a
 * misshapen key leaves unknown throws (known.ts).
 */
export interface DraftTunnel {
  /** `tunnels[N]`, the place in the file. */
  readonly path: string;
  readonly tunnel: Tunnel;
  readonly declared: TunnelDeclaration;
  /** The keys of both that are unknown. Default: none. */
  readonly unknown?: ReadonlySet<string>;
}

/**
 * What of a configuration has the right shape. The rules check it even when something else is misshapen, so
 * that one run names every problem. Of a section, too, reading a misshapen key throws (known.ts).
 */
export interface Draft {
  readonly hypervisor?: Hypervisor | undefined;
  readonly machine?: Machine | undefined;
  readonly source?: Source | undefined;
  readonly network?: NetworkConfig | undefined;
  readonly admin?: Admin | undefined;
  readonly ike?: Ike | undefined;
  readonly system?: SystemConfig | undefined;
  readonly watchdog?: Watchdog | undefined;
  readonly perimeter?: Perimeter | undefined;
  readonly lan?: Lan | undefined;
  readonly tunnels: readonly DraftTunnel[];
  /** Whether there are more tunnels, of which nothing is known. */
  readonly lacksTunnels?: boolean;
  /** The values of the config keys that the tunnels' `psk` name; undefined: not set. */
  readonly secrets: ReadonlyMap<string, string | undefined>;
  /** Those of the keys whose values cannot be read here, and have another value in their place. */
  readonly unread?: ReadonlySet<string>;
  /** See ConfigReader. */
  readonly isSigned?: IsSigned | undefined;
  /** YYYY-MM-DD: some things are allowed until a day. */
  readonly today: string;
}
