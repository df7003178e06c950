import { managedSysctls } from "../sysctls";
import { repeats } from "./places";
import { finding, type Rule } from "./rule";

export const packagesOnce: Rule = {
  code: "GW100",
  reason: "two flavours of one package cannot be installed together",
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
  reason: "the gateway does not work with another value of these",
  check: ({ system }) =>
    Object.keys(system?.sysctls ?? {})
      .filter((name) => name in managedSysctls)
      .map((name) =>
        finding(
          `system.sysctls.${name}`,
          `is ${managedSysctls[name] ?? ""} on every gateway`,
          "leave it out",
        ),
      ),
};

export const windowForApply: Rule = {
  code: "GW102",
  reason: "only `apply` ever reboots, so a window for something else is a misunderstanding",
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

export const rulesOnly: Rule = {
  code: "GW083",
  reason: "options and further files belong to the main ruleset, which the stack writes",
  check: ({ system }) =>
    (system?.pfRules ?? "").split("\n").flatMap((line, index) => {
      const word = /^\s*(set|include|load)\b/.exec(line)?.[1];
      if (word === undefined) return [];
      return [
        finding(
          "system.pfRules",
          `line ${index + 1} starts with ${word}`,
          "write rules, tables and macros only",
        ),
      ];
    }),
};

/** What packages-specs(7) calls the stem: up to the version, the flavour or the branch. */
function stemOf(name: string): string {
  return name.replace(/%.*$/, "").replace(/-(-.*|[0-9].*)$/, "");
}
