import type { Standing } from "../../hypervisor/domain";
import type { Move } from "./move";

/** What was found after something went wrong, asked of both hypervisors and of the gateway itself. */
export interface Found {
  readonly source: Standing;
  readonly target: Standing;
  /** At its address, with the host key that the stack pins. */
  readonly answers: boolean;
}

/**
 * What is to be done then: `"go back"` only where both hypervisors say that it cannot make two gateways
 * with one address and one set of keys; else the text for the operator. No text advises a start that
 * was not looked at on both sides.
 */
export function outcome(
  { name, from, to, live }: Pick<Move, "name" | "from" | "to" | "live">,
  { source, target, answers }: Found,
): string {
  const again = "run this again";
  if (source === "running" && target === "running") {
    return `${name} runs on ${from} and on ${to}: shut down the one that is not the gateway, and ${again}`;
  }
  if (source === "running") {
    return target === "unknown"
      ? `${name} runs on ${from} as before; ${to} does not answer, and what it has got of it stays there`
      : GO_BACK;
  }
  if (target === "running") {
    if (live || source === "paused") return `${name} runs on ${to}: ${again} to have it known`;
    return source === "off"
      ? GO_BACK
      : `${name} runs on ${to}, and ${from} ${words(source)}: leave it there, and ${again} when both answer`;
  }
  if (source === "unknown" || target === "unknown") {
    const silent = [from, to].filter((_, n) => [source, target][n] === "unknown").join(" and ");
    const rest = [
      ...(source === "unknown" ? [] : [`it ${words(source)} on ${from}`]),
      ...(target === "unknown" ? [] : [`it ${words(target)} on ${to}`]),
    ];
    const seen = answers
      ? `${name} answers at its address with its own host key, so it runs on ${silent}`
      : `${name} does not answer at its address, which does not say that it is off`;
    return (
      `${silent} does not answer${rest.map((text) => `, ${text}`).join("")}: ${seen}: do not start it ` +
      `anywhere, two would share an address and keys; ${again} when ${silent} answers`
    );
  }
  if (answers) {
    return `${name} answers at its address, and runs neither on ${from} nor on ${to}: find out where before anything is started`;
  }
  if (source === "paused") {
    return `${name} is paused on ${from} and does not run on ${to}: virsh -c ${from} resume ${name} lets it go on`;
  }
  if (target === "paused" || source === "absent") {
    return `${name} ${words(source)} on ${from} and ${words(target)} on ${to}: look at both, and ${again}`;
  }
  return GO_BACK;
}

export const GO_BACK = "go back";

function words(standing: Standing): string {
  switch (standing) {
    case "absent":
      return "is not there";
    case "unknown":
      return "does not answer";
    default:
      return `is ${standing}`;
  }
}
