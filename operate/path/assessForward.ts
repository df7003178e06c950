import type { PathRow } from "../../contract/documents/operate";
import type { PerimeterEvidence } from "./model";

const FIXES: Readonly<Record<string, string>> = {
  missing: "pulumi up puts it back",
  changed: "pulumi up puts it back",
  unkept: "pulumi up puts it back",
  foreign: "remove that rule, or leave the forward to it with driver: manual",
};

/** What the firewall says is wrong with the forward of that name. */
export function lostForward(
  name: string,
  told: PerimeterEvidence | undefined,
): PathRow | undefined {
  const lost = told?.forwards.get(name)?.find(({ state }) => state in FIXES);
  if (lost === undefined) return undefined;
  const fix = FIXES[lost.state] ?? "";
  return {
    check: name,
    result: "wrong",
    seen: `the forward is ${lost.state}: ${lost.detail}`,
    fix,
  };
}
