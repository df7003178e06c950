import type { TunnelState } from "../../../../contract/documents/status";
import { STATES, type PageState, type TunnelLine } from "../../pageState";

export const STATE_WORDS: Readonly<Record<TunnelState, string>> = {
  proven: "Proven",
  established: "Up, unproven",
  negotiating: "Negotiating",
  down: "Down",
  disabled: "Disabled",
  unmanaged: "Not declared",
  unknown: "Unknown",
};

export const STATE_MEANING: Readonly<Record<TunnelState, string>> = {
  proven: "Packets were just seen to cross both ways.",
  established: "The SAs are there, but no packet was seen to cross.",
  negotiating: "The gateway and the peer are talking about it.",
  down: "Nothing is there, though it should be.",
  disabled: "Not wanted: by declaration, or taken down by hand.",
  unmanaged: "Live on the gateway, but the stack does not declare it.",
  unknown: "Nothing current is known.",
};

export function stateWord({ state, byHand }: Pick<TunnelLine, "state" | "byHand">): string {
  return byHand && (state === "down" || state === "disabled") ? "Down by hand" : STATE_WORDS[state];
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 2 * 86400) {
    const minutes = Math.floor((whole % 3600) / 60);
    return `${Math.floor(whole / 3600)} h${minutes === 0 ? "" : ` ${minutes} min`}`;
  }
  return `${Math.floor(whole / 86400)} days`;
}

/** @param now milliseconds since 1970 */
export function ago(time: string | undefined, now: number): string {
  return time === undefined ? "not seen yet" : `${duration((now - Date.parse(time)) / 1000)} ago`;
}

export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ""}`;
}

export function rate(perSecond: number | null | undefined): string {
  return perSecond === undefined || perSecond === null ? "–" : `${bytes(perSecond)}/s`;
}

export function clockTime(time: string | number): string {
  return new Date(time).toLocaleTimeString(undefined, { hour12: false });
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function countStates(tunnels: readonly TunnelLine[]): Map<TunnelState, number> {
  const counts = new Map<TunnelState, number>();
  for (const state of STATES) {
    const count = tunnels.filter((tunnel) => tunnel.state === state).length;
    if (count > 0) counts.set(state, count);
  }
  return counts;
}

export interface Headline {
  readonly text: string;
  readonly more: string;
  /** Colours the headline; the text says the same. */
  readonly mood: TunnelState;
}

/** The one sentence at the top of the page: how things are, for the engineer on call. */
export function headline(page: PageState): Headline {
  if (page.at === undefined) {
    return page.failure === undefined
      ? { text: "Asking the gateway…", more: "", mood: "unknown" }
      : { text: "The gateway did not answer yet", more: page.failure.message, mood: "unknown" };
  }
  if (page.stale) {
    return {
      text: "Nothing current is known",
      more: `The last answer is of ${clockTime(page.at)}.`,
      mood: "unknown",
    };
  }
  const wanted = page.tunnels.filter(({ state }) => state !== "disabled" && state !== "unmanaged");
  if (wanted.length === 0) return { text: "No tunnel is wanted", more: "", mood: "disabled" };
  const counts = countStates(wanted);
  const proven = counts.get("proven") ?? 0;
  const [worst] = counts.keys();
  if (proven === wanted.length) {
    const text = proven === 1 ? "The tunnel is proven" : `All ${proven} tunnels are proven`;
    return { text, more: "Packets were just seen to cross both ways.", mood: "proven" };
  }
  const missing = wanted.length - proven;
  const parts = [...counts].filter(([state]) => state !== "proven");
  return {
    text: `${missing} of ${plural(wanted.length, "tunnel")} ${missing === 1 ? "is" : "are"} not proven`,
    more: parts.map(([state, count]) => `${count} ${STATE_WORDS[state].toLowerCase()}`).join(" · "),
    mood: worst ?? "unknown",
  };
}
