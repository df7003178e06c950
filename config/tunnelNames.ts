import { formatPath, type Problem } from "./problems";
import { tunnelSchema } from "./schema";
import type { Written } from "./tunnelList";

/** The problems, each of a tunnel with the tunnel's name: nobody counts to `tunnels[27]`. */
export function withNames(problems: readonly Problem[], written: readonly Written[]): Problem[] {
  const names = new Map(written.map(({ place, value }) => [formatPath(place), nameOf(value)]));
  return problems.map((problem) => {
    const tunnel = names.get(/^.*?\[\d+\]/.exec(problem.path)?.[0] ?? "");
    return tunnel === undefined ? problem : { ...problem, tunnel };
  });
}

/** Only a usable name: whatever else stands there may be anything, a secret too. */
function nameOf(value: unknown): string | undefined {
  const name: unknown = typeof value === "object" && value !== null && Reflect.get(value, "name");
  return tunnelSchema.shape.name.safeParse(name).data;
}
