import { virsh, VirshFailed } from "./virsh";

const NO_DOMAIN = /failed to get domain|domain not found/i;

/** Whether virsh failed because there is no domain of that name. */
export const isNoDomain = (error: unknown): boolean =>
  error instanceof VirshFailed && NO_DOMAIN.test(error.message);

/**
 * What virsh answers to a question about a domain, such as `domstate`; undefined if there is none.
 * @throws VirshFailed if the hypervisor does not answer
 */
export async function ofDomain(
  uri: string,
  question: string,
  name: string,
): Promise<string | undefined> {
  try {
    return await virsh(uri, question, "--domain", name);
  } catch (error) {
    if (isNoDomain(error)) return undefined;
    throw error;
  }
}

/** What a hypervisor says of a machine; one that does not answer says nothing. */
export type Standing = "running" | "paused" | "off" | "absent" | "unknown";

export async function standingAt(uri: string, name: string): Promise<Standing> {
  try {
    const state = await ofDomain(uri, "domstate", name);
    return state === undefined ? "absent" : standingOf(state);
  } catch (error) {
    if (!(error instanceof VirshFailed)) throw error;
    return "unknown";
  }
}

/** @param state in virsh's words */
export function standingOf(state: string): Standing {
  if (state === "shut off" || state === "crashed") return "off";
  return state === "paused" || state === "pmsuspended" ? "paused" : "running";
}
