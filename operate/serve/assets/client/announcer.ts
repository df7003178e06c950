import type { TunnelState } from "../../../../contract/documents/status";
import type { PageState } from "../../pageState";
import { byId } from "./dom";
import { stateWord } from "./words";

const MOST_BY_NAME = 4;

/** Says to screen readers what changed, and nothing when nothing did. */
export class Announcer {
  private before: Map<string, TunnelState> | undefined;

  hear({ tunnels }: PageState): void {
    const { before } = this;
    this.before = new Map(tunnels.map(({ name, state }) => [name, state]));
    if (before === undefined) return;
    const changed = tunnels.filter(
      ({ name, state }) => before.has(name) && before.get(name) !== state,
    );
    if (changed.length === 0) return;
    const named = changed
      .slice(0, MOST_BY_NAME)
      .map((tunnel) => `${tunnel.name}: ${stateWord(tunnel)}.`);
    const more = changed.length - named.length;
    if (more > 0) named.push(`And ${more} more changed.`);
    byId("announcer").textContent = named.join(" ");
  }
}
