import { type DriftSection, gwctlDrift, gwctlDriftErrata, GWCTL_LINE } from "../contract/gwctl";
import { type GatewayState, parseGwctlState } from "./gwctlState";
import { parsePatches, type Patches } from "./patches";
import { missingSections, sectionProblems, sectionsOf } from "./sections";

/** What `gwctl drift` says of the gateway. A section that is missing is empty, and in the list of these. */
export interface GatewayDrift {
  readonly state: GatewayState;
  /** The IKE daemon's main file, where it is not what follows from the tunnels. */
  readonly main: readonly { readonly path: string; readonly how: "missing" | "changed" }[];
  /** By spec, the installed package; undefined where there is none. */
  readonly packages: ReadonlyMap<string, string | undefined>;
  /** Undefined if it was not asked. */
  readonly patches: Patches | undefined;
  readonly missing: ReadonlySet<DriftSection>;
  /** Sections that are missing, and those that are unknown, in words. */
  readonly sectionProblems: readonly string[];
}

/**
 * Reads the sections; lines of unknown form are passed over. Never throws.
 *
 * @param withErrata whether the errata were asked for
 */
export function parseGwctlDrift(text: string, withErrata = false): GatewayDrift {
  const sections = sectionsOf(text);
  const rows = (name: DriftSection) => sections.get(name) ?? [];
  const asked = Object.keys((withErrata ? gwctlDriftErrata : gwctlDrift).shape) as DriftSection[];
  return {
    state: parseGwctlState(text),
    main: rows("main").flatMap((row) => {
      const { how, path } = GWCTL_LINE.mainFile.exec(row)?.groups ?? {};
      if (how === undefined || path === undefined) return [];
      return [{ path, how: how === "missing" ? "missing" : "changed" }];
    }),
    packages: new Map(
      rows("packages").flatMap((row): [string, string | undefined][] => {
        const { spec, name } = GWCTL_LINE.package.exec(row)?.groups ?? {};
        if (spec === undefined || name === undefined) return [];
        return [[spec, name === "-" ? undefined : name]];
      }),
    ),
    patches: sections.has("errata") ? parsePatches(rows("errata").join("\n")) : undefined,
    missing: new Set(missingSections(text, asked)),
    sectionProblems: sectionProblems(text, asked),
  };
}
