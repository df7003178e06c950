import type { TunnelState } from "../../../../contract/documents/status";
import type { History } from "../../pageState";
import { Announcer } from "./announcer";
import { Details } from "./details";
import { byId } from "./dom";
import { Feed } from "./feed";
import { TunnelList, type Filter } from "./list";
import { SiteMap } from "./map";
import { Overview } from "./overview";
import { Trails } from "./trail";

const AGES_MS = 1000;

const filterField = byId("filter") as HTMLInputElement;
let filter: Filter = { text: "", state: undefined };

const trails = new Trails();
const announcer = new Announcer();
const feed = new Feed(draw);
const details = new Details(byId("details") as HTMLDialogElement, () => feed.now()?.page);
const open = details.open.bind(details);
const overview = new Overview(show);
const list = new TunnelList({ groups: byId("groups"), empty: byId("empty") }, trails, open);
const map = new SiteMap({ map: byId("map"), hint: byId("map-hint") }, { open, show });
let stale: boolean | undefined;

function show(state: TunnelState | undefined): void {
  filter = { ...filter, state };
  draw();
}

function draw(): void {
  const now = feed.now();
  if (now === undefined) return;
  stale = now.page.stale;
  trails.add(now.page);
  overview.draw(now, filter);
  overview.age(now);
  list.draw(now.page, filter, Date.now());
  map.draw(now.page);
  announcer.hear(now.page);
  void details.refresh();
}

filterField.addEventListener("input", () => {
  filter = { ...filter, text: filterField.value.trim() };
  draw();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  filterField.focus();
});

setInterval(() => {
  const now = feed.now();
  if (now === undefined) return;
  // Data grows too old without any event telling so.
  if (now.page.stale !== stale) draw();
  overview.age(now);
  list.age(now.page, Date.now());
}, AGES_MS);

async function start(): Promise<void> {
  const answer = await fetch("/api/histories").catch(() => undefined);
  if (answer?.ok === true) trails.load((await answer.json()) as Record<string, History>);
  draw();
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (feed.now()?.page.tunnels.some(({ name }) => name === wanted) === true) open(wanted);
}

void start();
