import type { Code } from "./codes";
import { weaknesses } from "./discouraged";
import type { Draft, DraftTunnel } from "./draft";
import { guessable, pskFault, pskOddity } from "./psk";

/** Something of a tunnel that is refused, unless the tunnel has an exception. */
export interface Excusable {
  /** The code that refuses it. */
  readonly code: Code;
  /** Place in the tunnel, such as `phase1.group`. */
  readonly key: string;
  /** What is wrong with it, continuing the place as a sentence. */
  readonly message: string;
  readonly fix: string;
  /** The same in a list of what an exception allows. */
  readonly short: string;
  /** How to do without the exception, as an instruction. */
  readonly remedy: string;
}

/** Longer than this no key of an SA ought to be in use. */
export const LONGEST_LIFETIME = 86400;

/** Everything of the tunnel that only an exception allows, whether it has one or not. */
export function excusable(entry: DraftTunnel, { ike, secrets }: ExcusableIn): Excusable[] {
  return [...ofAlgorithms(entry), ...ofLifetimes(entry), ...ofKey(entry, ike, secrets)];
}

type ExcusableIn = Pick<Draft, "ike" | "secrets">;

function ofAlgorithms({ tunnel }: DraftTunnel): Excusable[] {
  return weaknesses(tunnel).map(({ key, algorithm, first }) => {
    const short = `${algorithm} (${first.by} ${first.since}: ${first.says})`;
    return {
      code: "GW062",
      key,
      message: `is weaker than profile compat: ${short}`,
      fix: "write profile: compat, or exception: {reason, expires} if the peer can do no better",
      short,
      remedy: "move the peer to profile compat",
    };
  });
}

function ofLifetimes({ tunnel }: DraftTunnel): Excusable[] {
  const { phase1, phase2 } = tunnel;
  const long = (["phase1", "phase2"] as const).flatMap((phase): Excusable[] => {
    const { lifetime } = tunnel[phase];
    if (lifetime <= LONGEST_LIFETIME) return [];
    return [
      {
        code: "GW156",
        key: `${phase}.lifetime`,
        message: `${lifetime} is more than a day`,
        fix: `write ${LONGEST_LIFETIME} or less, or exception: {reason, expires} if the peer insists`,
        short: `${phase}.lifetime ${lifetime}, more than a day`,
        remedy: "agree a shorter lifetime with the peer",
      },
    ];
  });
  if (phase2.lifetime !== phase1.lifetime) return long;
  return [
    ...long,
    {
      code: "GW044",
      key: "phase2.lifetime",
      message: `${phase2.lifetime} is not shorter than phase 1's ${phase1.lifetime}`,
      fix: "write a shorter one, or a longer phase1.lifetime, or exception: {reason, expires} if the peer insists",
      short: "a phase2.lifetime that equals phase 1's",
      remedy: "agree a shorter lifetime of phase 2 with the peer",
    },
  ];
}

/** Of keys that the daemon takes; GW060 speaks of the others. */
function ofKey({ tunnel }: DraftTunnel, ike: Draft["ike"], secrets: Draft["secrets"]): Excusable[] {
  const secret = tunnel.psk === undefined ? undefined : secrets.get(tunnel.psk);
  if (!ike || secret === undefined || pskFault(ike.daemon, secret) !== undefined) return [];
  const { name, peer, localId, remoteId } = tunnel;
  const oddity = pskOddity(secret);
  const problem = oddity ?? guessable(secret, [name, peer, localId, remoteId]);
  if (problem === undefined) return [];
  return [
    {
      code: oddity === undefined ? "GW081" : "GW155",
      key: "psk",
      message: `the key it names ${problem}`,
      fix: "let one be generated (remove psk), set 32 random letters and digits, or write exception: {reason, expires} if the peer keeps it",
      short: `a pre-shared key that ${problem}`,
      remedy: "agree a generated key with the peer",
    },
  ];
}
