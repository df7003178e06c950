import type { StackSelection } from "../stack/pulumi";

/** A gateway's way from one hypervisor to another. */
export interface Move {
  readonly selection: StackSelection & { readonly stack: string };
  /** Name of the domain, the same on both. */
  readonly name: string;
  /** Its disk in the pool, of the same name on both. */
  readonly volume: string;
  /** libvirt connection URIs. */
  readonly from: string;
  readonly to: string;
  readonly pool: string;
  readonly mediaPool?: string | undefined;
  readonly bridge: string;
  /** Where the hypervisor that the gateway leaves reaches the other one. */
  readonly address: string;
  /** Without a pause: memory and disk are copied while it runs. */
  readonly live: boolean;
  /** Both hypervisors have the volume: it is not copied. */
  readonly shared: boolean;
  /** How long tunnels may take to be proven afterwards. */
  readonly timeoutMs: number;
}

/** Where a gateway is on its way, by what both hypervisors have of it. */
export interface Whereabouts {
  /** `running`, `shut off`, …; undefined: no such domain. */
  readonly source?: string | undefined;
  readonly sourceUuid?: string | undefined;
  readonly target?: string | undefined;
  readonly targetUuid?: string | undefined;
  /** Bytes; undefined: no such volume. */
  readonly sourceDisk?: number | undefined;
  readonly targetDisk?: number | undefined;
}

/** The target's domain is this gateway's: an earlier run defined it there before anything else. */
export const isOurs = ({ sourceUuid, targetUuid }: Whereabouts): boolean =>
  targetUuid !== undefined && targetUuid === sourceUuid;
