import type { TunnelState } from "../../../../contract/documents/status";
import type { PageState, TunnelLine } from "../../pageState";
import { svg, setText } from "./dom";
import {
  layout,
  shortened,
  type ClusterPlace,
  type Layout,
  type Place,
  type SitePlace,
} from "./mapLayout";
import { plural, stateWord, STATE_WORDS } from "./words";

interface Actions {
  readonly open: (name: string) => void;
  readonly show: (state: TunnelState) => void;
}

/**
 * The gateway in the middle and its sites around. One tab stop; the arrow keys go from mark to mark.
 * The list says all of it too.
 */
export class SiteMap {
  private readonly root = svg("svg", {
    class: "sites",
    role: "group",
    "aria-labelledby": "map-title",
  });
  private page: PageState | undefined;
  private focused: string | undefined;

  constructor(
    private readonly parts: { readonly map: HTMLElement; readonly hint: HTMLElement },
    private readonly actions: Actions,
  ) {
    parts.map.append(this.root);
    new ResizeObserver(() => {
      if (this.page !== undefined) this.draw(this.page);
    }).observe(parts.map);
    this.root.addEventListener("keydown", (event) => {
      this.key(event);
    });
  }

  draw(page: PageState): void {
    this.page = page;
    const width = Math.max(280, Math.floor(this.parts.map.clientWidth));
    const plan = layout(page.tunnels, width);
    const hadFocus = this.root.contains(document.activeElement);
    this.root.setAttribute("viewBox", `0 0 ${width} ${Math.ceil(plan.height)}`);
    this.root.setAttribute("height", String(Math.ceil(plan.height)));
    const marks =
      plan.kind === "sites"
        ? plan.sites.map((site) => this.site(site))
        : plan.clusters.map((cluster) => this.cluster(cluster));
    this.root.replaceChildren(
      ...links(plan),
      gateway(plan.gateway, page.gateway?.name ?? ""),
      ...marks,
    );
    const current = marks.find((mark) => mark.dataset.mark === this.focused) ?? marks[0];
    current?.setAttribute("tabindex", "0");
    if (hadFocus) current?.focus();
    setText(
      this.parts.hint,
      plan.kind === "sites"
        ? plural(page.tunnels.length, "tunnel")
        : "Each dot is a tunnel; choose a swarm to list it.",
    );
  }

  private site({ tunnel, x, y, anchor, room }: SitePlace): SVGGElement {
    const label = `${tunnel.name}: ${stateWord(tunnel)}`;
    const mark = this.mark(tunnel.name, label, tunnel.state, () => {
      this.actions.open(tunnel.name);
    });
    const beside = anchor === "start" ? 20 : anchor === "end" ? -20 : 0;
    const textAnchor = beside === 0 ? "middle" : anchor;
    const line = { above: [-36, -22], below: [30, 44], start: [-1, 13], end: [-1, 13] }[anchor];
    const text = (offset: number, kind: string, content: string): SVGTextElement =>
      svg(
        "text",
        { class: kind, x: x + beside, y: y + offset, "text-anchor": textAnchor },
        shortened(content, room),
      );
    mark.append(
      svg("circle", { class: "halo", cx: x, cy: y, r: 17 }),
      svg("circle", { class: "disc", cx: x, cy: y, r: 13 }),
      svg("use", { href: `#i-${tunnel.state}`, x: x - 8, y: y - 8, width: 16, height: 16 }),
      text(line[0] ?? 0, "name", tunnel.name),
      text(line[1] ?? 0, "small", stateWord(tunnel)),
      svg("title", {}, `${label}\n${tunnel.peer}`),
    );
    return mark;
  }

  private cluster({ state, x, y, radius, dots }: ClusterPlace): SVGGElement {
    const caption = `${dots.length} ${STATE_WORDS[state].toLowerCase()}`;
    const mark = this.mark(state, `${caption}: list them`, state, () => {
      this.actions.show(state);
    });
    mark.classList.add("cluster");
    const size = Math.max(1.8, Math.min(5, (radius / Math.sqrt(dots.length)) * 0.42));
    mark.append(
      svg("circle", { class: "halo", cx: x, cy: y, r: radius + 6 }),
      ...dots.map((dot) =>
        svg(
          "circle",
          { class: "dot", cx: dot.x.toFixed(1), cy: dot.y.toFixed(1), r: size },
          title(dot.tunnel),
        ),
      ),
      ...this.caption(state, caption, x, y + radius),
    );
    return mark;
  }

  /** Below its swarm, but never over the edge. */
  private caption(state: TunnelState, text: string, x: number, y: number): SVGElement[] {
    const half = (text.length * 8.2 + 20) / 2;
    const width = this.root.viewBox.baseVal.width;
    const left = Math.max(4, Math.min(x - half, width - 2 * half - 4));
    return [
      svg("use", { href: `#i-${state}`, x: left, y: y + 11, width: 14, height: 14 }),
      svg("text", { class: "name", x: left + 20, y: y + 22.5 }, text),
    ];
  }

  private mark(key: string, label: string, state: TunnelState, act: () => void): SVGGElement {
    const node = svg("g", { class: "mark", role: "button", tabindex: -1, "aria-label": label });
    node.dataset.mark = key;
    node.dataset.state = state;
    node.addEventListener("click", act);
    node.addEventListener("focus", () => {
      this.focused = key;
    });
    return node;
  }

  private key(event: KeyboardEvent): void {
    const marks = [...this.root.querySelectorAll<SVGGElement>(".mark")];
    const index = marks.findIndex((mark) => mark === document.activeElement);
    if (index < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      marks[index]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      return;
    }
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
    };
    const ends: Record<string, number> = { Home: 0, End: marks.length - 1 };
    const move = steps[event.key];
    const next =
      ends[event.key] ??
      (move === undefined ? undefined : (index + move + marks.length) % marks.length);
    if (next === undefined) return;
    event.preventDefault();
    marks[index]?.setAttribute("tabindex", "-1");
    marks[next]?.setAttribute("tabindex", "0");
    marks[next]?.focus();
  }
}

function title(tunnel: TunnelLine): SVGTitleElement {
  return svg("title", {}, `${tunnel.name}: ${stateWord(tunnel)}`);
}

function links(plan: Layout): SVGPathElement[] {
  const ends = plan.kind === "sites" ? plan.sites : plan.clusters;
  return ends.map((end) => {
    const state = "tunnel" in end ? end.tunnel.state : end.state;
    const path = svg("path", { class: "link", d: curve(plan.gateway, end) });
    path.dataset.state = state;
    if ("dots" in end) path.setAttribute("stroke-width", String(1.5 + Math.log10(end.dots.length)));
    return path;
  });
}

/** Leaves the gateway sideways, so that many lines do not cross their neighbours' names. */
function curve(from: Place, to: Place): string {
  const middle = (from.x + to.x) / 2;
  const bent = Math.abs(to.x - from.x) > 30;
  const control = bent ? `C${middle} ${from.y} ${middle} ${to.y} ` : "L";
  return `M${from.x} ${from.y}${control}${to.x} ${to.y}`;
}

function gateway({ x, y }: Place, name: string): SVGGElement {
  return svg(
    "g",
    { class: "gateway", "aria-hidden": "true" },
    svg("circle", { class: "halo", cx: x, cy: y, r: 34 }),
    svg("circle", { class: "plate", cx: x, cy: y, r: 29 }),
    svg("use", { href: "#i-gateway", x: x - 17, y: y - 17, width: 34, height: 34 }),
    svg("text", { class: "name", x, y: y + 47, "text-anchor": "middle" }, name),
  );
}
