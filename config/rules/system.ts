import { finding, type Rule } from "./rule";

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
