import { GIB } from "./units";
import { is64BitBlock } from "./algorithms";
import { declaredPairs } from "./pairs";
import { profileOf } from "./profiles";
import { declaredProposals } from "./proposals";
import type {
  Admin,
  Hypervisor,
  Ike,
  Lan,
  Machine,
  NetworkConfig,
  Perimeter,
  Phase1,
  Phase1Declaration,
  Phase2,
  Source,
  SystemConfig,
  Tunnel,
  TunnelDeclaration,
  Watchdog,
} from "./schema";

/** A tunnel with its defaults, and what was written: some rules check the one, some the other. */
export interface DraftTunnel {
  /** `tunnels[N]`, the place in the file. */
  readonly path: string;
  readonly tunnel: Tunnel;
  readonly declared: TunnelDeclaration;
}

/**
 * The parts of a configuration whose shape is right. The rules check these even when another part
 * is misshapen, so that one run names every problem.
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
  /** The values of the config keys that the tunnels' `psk` name; undefined: not set. */
  readonly secrets: ReadonlyMap<string, string | undefined>;
  /** Those of the keys whose values cannot be read here, and have another value in their place. */
  readonly unread?: ReadonlySet<string>;
  /** YYYY-MM-DD: some things are allowed until a day. */
  readonly today: string;
}

/** Fills in the defaults that depend on other values of the configuration. */
export function resolveTunnel(
  declared: TunnelDeclaration,
  ike: Pick<Ike, "daemon" | "profile">,
  publicAddress: string,
): Tunnel {
  const name = declared.profile ?? ike.profile;
  const profile = profileOf(ike.daemon, name);
  const withDefaults = (phase2: Phase2) => (ike.daemon === "iked" ? withBytes(phase2) : phase2);
  const written = declaredProposals(declared);
  const [phase1 = profile.phase1, ...olderPhase1] = written.phase1.map(({ proposal }) =>
    withPrf(proposal),
  );
  const [phase2 = withDefaults(profile.phase2), ...olderPhase2] = written.phase2.map(
    ({ proposal }) => withDefaults(proposal),
  );
  const { local, remote, traffic, pairs, ...rest } = declared;
  return {
    ...rest,
    pairs: declaredPairs({ local, remote, traffic, pairs }),
    localId: declared.localId ?? publicAddress,
    remoteId: declared.remoteId ?? declared.peer,
    profile: name,
    ...{ phase1, phase2 },
    ...(olderPhase1.length > 0 && { olderPhase1 }),
    ...(olderPhase2.length > 0 && { olderPhase2 }),
  };
}

function withPrf(phase1: Phase1Declaration): Phase1 {
  return { ...phase1, prf: phase1.prf ?? phase1.integrity ?? "" };
}

/** Blocks of 64 bits repeat after some dozen GiB, and what repeats can be read (RFC 8221 5). */
function withBytes(phase2: Phase2): Phase2 {
  return { ...phase2, bytes: phase2.bytes ?? (is64BitBlock(phase2.encryption) ? 1 : 64) * GIB };
}
