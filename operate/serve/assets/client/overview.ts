import type { TunnelState } from "../../../../contract/documents/status";
import type { PageState } from "../../pageState";
import { byId, html, icon, setText } from "./dom";
import type { Now } from "./feed";
import type { Filter } from "./list";
import { ago, clockTime, countStates, duration, headline, plural, STATE_WORDS } from "./words";

/** What is above the list: who it is, how it is, and how old that is. */
export class Overview {
  private readonly chips = new Map<TunnelState, HTMLButtonElement>();

  constructor(private readonly choose: (state: TunnelState | undefined) => void) {}

  draw({ page }: Now, filter: Filter): void {
    const { gateway } = page;
    const title = headline(page);
    const name = gateway?.name ?? "IPsec gateway";
    setText(byId("gateway-name"), name);
    setText(byId("gateway-facts"), gatewayFacts(page));
    setText(byId("headline"), title.text);
    byId("headline").dataset.state = title.mood;
    setText(byId("subline"), title.more);
    document.title = `${title.mood === "proven" ? "" : "● "}${title.text} – ${name}`;
    problems(page);
    this.drawChips(page, filter);
  }

  /** What changes with every second. */
  age({ page, silentSince }: Now): void {
    const banner = byId("banner");
    const trouble = troubleOf(page, silentSince);
    if (trouble !== undefined) setText(banner, trouble);
    banner.hidden = trouble === undefined;
    const { ageSeconds } = page;
    const text = ageSeconds === undefined ? "No data yet" : `Data is ${duration(ageSeconds)} old`;
    setText(byId("liveness-text"), silentSince === undefined ? text : `Offline · ${text}`);
    byId("liveness").dataset.live = String(
      silentSince === undefined && !page.stale && !page.failure,
    );
  }

  private drawChips(page: PageState, filter: Filter): void {
    const counts = countStates(page.tunnels);
    if (filter.state !== undefined && !counts.has(filter.state)) counts.set(filter.state, 0);
    for (const [state, chip] of this.chips) {
      if (counts.has(state)) continue;
      chip.remove();
      this.chips.delete(state);
    }
    for (const [state, count] of counts) {
      const chip = this.chips.get(state) ?? this.chip(state);
      setText(chip.lastElementChild ?? chip, `${count} ${STATE_WORDS[state].toLowerCase()}`);
      chip.setAttribute("aria-pressed", String(filter.state === state));
    }
  }

  private chip(state: TunnelState): HTMLButtonElement {
    const chip = html("button", { type: "button", class: "chip" }, icon(state), html("span"));
    chip.dataset.state = state;
    chip.addEventListener("click", () => {
      this.choose(chip.getAttribute("aria-pressed") === "true" ? undefined : state);
    });
    this.chips.set(state, chip);
    byId("chips").append(chip);
    return chip;
  }
}

function gatewayFacts({ gateway, intervalSeconds }: PageState): string {
  if (gateway === undefined) return "";
  const up = gateway.uptimeSeconds === undefined ? [] : [`up ${duration(gateway.uptimeSeconds)}`];
  const { watchdog, daemon } = gateway;
  const starts = watchdog
    ? [
        `the watchdog started ${daemon} ${plural(watchdog.starts, "time")}, last ${ago(watchdog.lastStart, Date.now())}`,
      ]
    : [];
  return [gateway.address, daemon, ...up, ...starts, `asked every ${intervalSeconds} s`].join(
    " · ",
  );
}

function problems(page: PageState): void {
  const list = byId("problems");
  list.hidden = page.problems.length === 0;
  const shown = [...list.children].map(({ textContent }) => textContent);
  if (shown.join("\n") === page.problems.join("\n")) return;
  list.replaceChildren(...page.problems.map((text) => html("li", {}, text)));
}

/** The sentence of the banner, worst cause first. */
export function troubleOf(page: PageState, silentSince: number | undefined): string | undefined {
  const at = page.at === undefined ? undefined : clockTime(page.at);
  const old = page.stale && at !== undefined ? ` Nothing current is known since ${at}.` : "";
  if (silentSince !== undefined) {
    return `No contact with this page's server since ${clockTime(silentSince)}.${old}`;
  }
  if (page.failure !== undefined) {
    const since = `The gateway could not be asked since ${clockTime(page.failure.since)}`;
    const shown = page.stale || at === undefined ? "" : ` What is shown is of ${at}.`;
    return `${since}: ${page.failure.message}.${old}${shown}`.replace(/\.\./g, ".");
  }
  if (page.stale && at !== undefined) {
    return `The gateway does not answer.${old} ${plural(page.tunnels.length, "tunnel")} unknown.`;
  }
  return undefined;
}
