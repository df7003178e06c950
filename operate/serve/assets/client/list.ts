import type { TunnelState } from "../../../../contract/documents/status";
import { STATES, type PageState, type TunnelLine } from "../../pageState";
import { html, icon, setText, unseen } from "./dom";
import { Sparkline, type Trails } from "./trail";
import { ago, rate, stateWord, STATE_MEANING, STATE_WORDS } from "./words";

/** Above so many tunnels, those that are well start folded. */
const FOLD_ABOVE = 100;
const SHOWN_NETWORKS = 2;

export interface Filter {
  readonly text: string;
  readonly state: TunnelState | undefined;
}

export function matches(tunnel: TunnelLine, { text, state }: Filter): boolean {
  if (state !== undefined && tunnel.state !== state) return false;
  const networks = tunnel.networks.flatMap(({ local, remote }) => [local, remote]);
  const hay = [tunnel.name, tunnel.peer, ...networks, stateWord(tunnel)].join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

/** One tunnel of the list: a button that opens everything about it. */
class Row {
  readonly node = html("li", { class: "row-item" });
  readonly button = html("button", { class: "row", type: "button" });
  private readonly use: SVGSVGElement[] = [];
  private readonly state = html("span", { class: "row-state" });
  private readonly word = html("span", { class: "word" });
  private readonly peer = html("span", { class: "row-peer quiet" });
  private readonly networks = html("span", { class: "row-networks" });
  private readonly proof = html("span", { class: "row-proof" });
  private readonly received = html("span");
  private readonly sent = html("span");
  private readonly traffic = html("span", { class: "row-rates" }, this.received, this.sent);
  private readonly differs = html("span", { class: "differs", hidden: true });
  private readonly sparkline = new Sparkline();
  private shown: TunnelState | undefined;

  constructor(name: string, open: (name: string) => void) {
    this.state.append(this.word);
    const title = html(
      "span",
      { class: "row-name" },
      html("strong", {}, name),
      unseen(", "),
      this.peer,
    );
    title.append(this.differs);
    this.button.append(
      ...[
        this.state,
        unseen(": "),
        title,
        unseen(", "),
        this.networks,
        unseen(", last proof "),
        this.proof,
      ],
      ...[unseen(", "), this.traffic, this.sparkline.node, icon("more")],
    );
    this.button.dataset.tunnel = name;
    this.button.addEventListener("click", () => {
      open(name);
    });
    this.node.append(this.button);
  }

  draw(tunnel: TunnelLine, now: number, trails: Trails, intervalSeconds: number): void {
    if (this.shown !== tunnel.state) {
      this.shown = tunnel.state;
      this.button.dataset.state = tunnel.state;
      this.use.pop()?.remove();
      const mark = icon(tunnel.state);
      this.use.push(mark);
      this.state.prepend(mark);
    }
    setText(this.word, stateWord(tunnel));
    setText(this.peer, tunnel.peer);
    setText(this.networks, networksOf(tunnel));
    this.drawAge(tunnel, now);
    setText(this.received, `${rate(tunnel.inRate)} in, `);
    setText(this.sent, `${rate(tunnel.outRate)} out`);
    this.differs.hidden = tunnel.differences === 0;
    setText(this.differs, "not as declared");
    this.sparkline.draw(trails.of(tunnel.name), intervalSeconds);
  }

  drawAge(tunnel: TunnelLine, now: number): void {
    setText(this.proof, ago(tunnel.lastProof, now));
  }
}

function networksOf({ networks }: TunnelLine): string {
  const remote = [...new Set(networks.map(({ remote }) => remote))];
  const more = remote.length - SHOWN_NETWORKS;
  return remote.slice(0, SHOWN_NETWORKS).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A state's heading and the rows below it. */
class Group {
  readonly node = html("details", { class: "group" });
  readonly rows = html("ul", { class: "rows" });
  private readonly count = html("span", { class: "count" });
  private placed = false;

  constructor(readonly state: TunnelState) {
    this.node.dataset.state = state;
    const heading = html("h3", {}, icon(state), STATE_WORDS[state], this.count);
    const meaning = html("span", { class: "meaning quiet" }, STATE_MEANING[state]);
    this.node.append(html("summary", {}, heading, meaning, icon("more")), this.rows);
  }

  /** Whether it is open is decided once, then it is the reader's business. */
  place(tunnels: number, all: number): void {
    setText(this.count, String(tunnels));
    if (this.placed) return;
    this.placed = true;
    this.node.open = this.state !== "proven" || all <= FOLD_ABOVE;
  }
}

/** All tunnels, worst state first. Rows are moved, never made anew: focus and selection stay. */
export class TunnelList {
  private readonly rows = new Map<string, Row>();
  private readonly groups = new Map(STATES.map((state) => [state, new Group(state)]));

  constructor(
    private readonly parts: { readonly groups: HTMLElement; readonly empty: HTMLElement },
    private readonly trails: Trails,
    private readonly open: (name: string) => void,
  ) {}

  draw(page: PageState, filter: Filter, now: number): void {
    const focused = document.activeElement;
    const names = new Set(page.tunnels.map(({ name }) => name));
    for (const [name, row] of this.rows) {
      if (names.has(name)) continue;
      row.node.remove();
      this.rows.delete(name);
    }
    const visible = page.tunnels.filter((tunnel) => matches(tunnel, filter));
    for (const [state, group] of this.groups) {
      const tunnels = visible
        .filter((tunnel) => tunnel.state === state)
        .sort((left, right) => (left.name < right.name ? -1 : 1));
      group.place(tunnels.length, page.tunnels.length);
      if (filter.text !== "" || filter.state !== undefined) group.node.open = true;
      arrange(
        group.rows,
        tunnels.map((tunnel) => this.row(tunnel, page, now).node),
      );
    }
    const filled = [...this.groups.values()].filter(({ rows }) => rows.childElementCount > 0);
    arrange(
      this.parts.groups,
      filled.map(({ node }) => node),
    );
    this.parts.empty.hidden = visible.length > 0;
    const nothing =
      page.tunnels.length === 0 ? "There is no tunnel to show." : "No tunnel matches.";
    setText(this.parts.empty, nothing);
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus();
  }

  /** Between two events only the ages move on. */
  age(page: PageState, now: number): void {
    for (const tunnel of page.tunnels) this.rows.get(tunnel.name)?.drawAge(tunnel, now);
  }

  private row(tunnel: TunnelLine, { intervalSeconds }: PageState, now: number): Row {
    const row = this.rows.get(tunnel.name) ?? new Row(tunnel.name, this.open);
    this.rows.set(tunnel.name, row);
    row.draw(tunnel, now, this.trails, intervalSeconds);
    return row;
  }
}

/** Makes these the children, in this order, and touches nothing that is right already. */
function arrange(parent: HTMLElement, nodes: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}
