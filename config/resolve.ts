import { GIB } from "./units";
import { is64BitBlock } from "./algorithms";
import { type Known, knownOf } from "./known";
import { declaredPairs } from "./pairs";
import { profileOf } from "./profiles";
import { placed } from "./proposals";
import type {
  Ike,
  NetworkConfig,
  Phase1,
  Phase1Declaration,
  Phase2,
  ProfileName,
  Tunnel,
  TunnelDeclaration,
} from "./schema";

/** What a tunnel's values come from. */
export interface Given {
  readonly declared: TunnelDeclaration;
  readonly ike: Pick<Ike, "daemon" | "profile">;
  readonly network: Pick<NetworkConfig, "publicAddress">;
}

/** Fills in the defaults that depend on other values of the configuration. All three may be known in part. */
export function resolveTunnel(given: Given): Known<Tunnel> {
  const same = Object.keys(given.declared)
    .filter((key) => !["local", "remote", "traffic"].includes(key))
    .map((key) => [key, () => given.declared[key as keyof TunnelDeclaration]]);
  const derived = Object.entries(DERIVED).map(([key, of]) => [key, () => of(given)]);
  return knownOf<Tunnel>("tunnels", Object.fromEntries([...same, ...derived]) as never);
}

const DERIVED = {
  pairs: ({ declared: { local, remote, traffic, pairs } }: Given) =>
    declaredPairs({ local, remote, traffic, pairs }),
  localId: ({ declared, network }: Given) => declared.localId ?? network.publicAddress,
  remoteId: ({ declared }: Given) => declared.remoteId ?? declared.peer,
  profile: profileName,
  phase1: (given: Given) => phase1Of(given)[0] ?? sets(given).phase1,
  phase2: (given: Given) => phase2Of(given)[0] ?? withDefaults(given, sets(given).phase2),
  olderPhase1: (given: Given) => older(phase1Of(given)),
  olderPhase2: (given: Given) => older(phase2Of(given)),
};

function profileName({ declared, ike }: Given): ProfileName {
  return declared.profile ?? ike.profile;
}

function sets(given: Given) {
  return profileOf(given.ike.daemon, profileName(given));
}

function phase1Of({ declared }: Given): Phase1[] {
  return placed("phase1", declared.phase1).map(({ proposal }) => withPrf(proposal));
}

function phase2Of(given: Given): Phase2[] {
  return placed("phase2", given.declared.phase2).map(({ proposal }) =>
    withDefaults(given, proposal),
  );
}

function older<P>([, ...rest]: readonly P[]): readonly P[] | undefined {
  return rest.length === 0 ? undefined : rest;
}

function withDefaults({ ike }: Given, phase2: Phase2): Phase2 {
  return ike.daemon === "iked" ? withBytes(phase2) : phase2;
}

function withPrf(phase1: Phase1Declaration): Phase1 {
  return { ...phase1, prf: phase1.prf ?? phase1.integrity ?? "" };
}

/** Blocks of 64 bits repeat after some dozen GiB, and what repeats can be read (RFC 8221 5). */
function withBytes(phase2: Phase2): Phase2 {
  return { ...phase2, bytes: phase2.bytes ?? (is64BitBlock(phase2.encryption) ? 1 : 64) * GIB };
}
