import { type Discouraged, DISCOURAGED } from "./algorithms";
import type { Tunnel } from "./schema";

export interface Weakness {
  /** Path in the tunnel: `phase1.group`. */
  readonly key: string;
  readonly algorithm: string;
  readonly first: Discouraged;
}

/** What a tunnel uses, by itself or through its profile, that is weaker than `compat`. */
export function weaknesses({ phase1, phase2 }: Pick<Tunnel, "phase1" | "phase2">): Weakness[] {
  const used: [key: string, algorithm: string | undefined][] = [
    ["phase1.encryption", phase1.encryption],
    ["phase1.integrity", phase1.integrity],
    ["phase1.prf", phase1.prf === phase1.integrity ? undefined : phase1.prf],
    ["phase1.group", phase1.group],
    ["phase2.encryption", phase2.encryption],
    ["phase2.integrity", phase2.integrity],
    ["phase2.group", phase2.group],
  ];
  return used.flatMap(([key, algorithm]) => {
    const [first] = algorithm === undefined ? [] : (DISCOURAGED.get(algorithm) ?? []);
    return first === undefined || algorithm === undefined ? [] : [{ key, algorithm, first }];
  });
}
