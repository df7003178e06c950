import { parsePatches, type Patches } from "./patches";
import { sectionsOf } from "./sections";

/** What `gwctl drift` says beside the state. A section that is missing is empty. */
export interface GatewayDrift {
  /** The IKE daemon's main file, where it is not what follows from the tunnels. */
  readonly main: readonly { readonly path: string; readonly how: "missing" | "changed" }[];
  /** By spec, the installed package; undefined where there is none. */
  readonly packages: ReadonlyMap<string, string | undefined>;
  /** Undefined if it was not asked. */
  readonly patches: Patches | undefined;
}

/** Reads the sections; lines of unknown form are passed over. Never throws. */
export function parseGwctlDrift(text: string): GatewayDrift {
  const sections = sectionsOf(text);
  const rows = (name: string) => sections.get(name) ?? [];
  const errata = sections.get("errata");
  return {
    main: rows("main").flatMap((row) => {
      const [, how, path] = /^(missing|changed) (\/.*)$/.exec(row) ?? [];
      if (how === undefined || path === undefined) return [];
      return [{ path, how: how === "missing" ? "missing" : "changed" }];
    }),
    packages: new Map(
      rows("packages").flatMap((row): [string, string | undefined][] => {
        const [, spec, name] = /^(\S+) (\S+)$/.exec(row) ?? [];
        if (spec === undefined || name === undefined) return [];
        return [[spec, name === "-" ? undefined : name]];
      }),
    ),
    patches: errata === undefined ? undefined : parsePatches(errata.join("\n")),
  };
}
