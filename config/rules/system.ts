import { managedFor } from "../sysctls";
import { repeats } from "./places";
import { finding, type Rule } from "./rule";

export const packagesOnce: Rule = {
  code: "GW100",
  check: ({ system }) => {
    const places = (system?.packages ?? []).map((value, index) => ({
      path: `system.packages[${index}]`,
      value,
    }));
    return repeats(places, ({ value }) => stemOf(value)).map(([first, { path, value }]) =>
      finding(path, `${value} is the same package as ${first.path}`, "write one of the two"),
    );
  },
};

export const ownSysctls: Rule = {
  code: "GW101",
  check: ({ system, tunnels }) => {
    const everywhere = managedFor([]);
    const managed = managedFor(tunnels.map(({ tunnel }) => tunnel));
    return Object.keys(system?.sysctls ?? {})
      .filter((name) => name in managed)
      .map((name) =>
        finding(
          `system.sysctls.${name}`,
          `is ${managed[name] ?? ""} on every gateway${name in everywhere ? "" : " with a tunnel of kind gre"}`,
          "leave it out",
        ),
      );
  },
};

export const windowForApply: Rule = {
  code: "GW102",
  check: ({ system }) =>
    system?.rebootWindow !== undefined && system.patches !== "apply"
      ? [
          finding(
            "system.rebootWindow",
            `has no effect with patches: ${system.patches}`,
            "write patches: apply, or leave the window out",
          ),
        ]
      : [],
};

/** What packages-specs(7) calls the stem: up to the version, the flavour or the branch. */
function stemOf(name: string): string {
  return name.replace(/%.*$/, "").replace(/-(-.*|[0-9].*)$/, "");
}
