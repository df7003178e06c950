import { modern } from "./profiles";
import type {
  Admin,
  Daemon,
  Hypervisor,
  Ike,
  Machine,
  NetworkConfig,
  Perimeter,
  Phase1,
  Phase1Declaration,
  Source,
  Tunnel,
  TunnelDeclaration,
} from "./schema";

/** A tunnel with its defaults, and what was written: some rules judge the one, some the other. */
export interface DraftTunnel {
  /** `tunnels[N]`, the place in the file. */
  readonly path: string;
  readonly tunnel: Tunnel;
  readonly declared: TunnelDeclaration;
}

/**
 * The parts of a configuration whose shape is right. The rules judge these even when another part
 * is misshapen, so that one run names every problem.
 */
export interface Draft {
  readonly hypervisor?: Hypervisor | undefined;
  readonly machine?: Machine | undefined;
  readonly source?: Source | undefined;
  readonly network?: NetworkConfig | undefined;
  readonly admin?: Admin | undefined;
  readonly ike?: Ike | undefined;
  readonly perimeter?: Perimeter | undefined;
  readonly tunnels: readonly DraftTunnel[];
  /** The values of the config keys that the tunnels' `psk` name; undefined: not set. */
  readonly secrets: ReadonlyMap<string, string | undefined>;
}

/** Fills in the defaults that depend on other values of the configuration. */
export function resolveTunnel(
  declared: TunnelDeclaration,
  daemon: Daemon,
  publicAddress: string,
): Tunnel {
  const profile = modern[daemon];
  return {
    ...declared,
    localId: declared.localId ?? publicAddress,
    remoteId: declared.remoteId ?? declared.peer,
    phase1: declared.phase1 ? withPrf(declared.phase1) : profile.phase1,
    phase2: declared.phase2 ?? profile.phase2,
  };
}

function withPrf(phase1: Phase1Declaration): Phase1 {
  return { ...phase1, prf: phase1.prf ?? phase1.integrity ?? "" };
}
