import type { ProbeStatus, SelectorStatus } from "../../../../contract/documents/status";
import { groupText } from "../../../status/groupText";
import type { PageState, TunnelDetails } from "../../pageState";
import { chart } from "./chart";
import { html, icon, setText } from "./dom";
import { Why } from "./why";
import { ago, bytes, clockTime, duration, plural, stateWord, STATE_MEANING } from "./words";

/** Everything about one tunnel, in a dialog that follows the events. */
export class Details {
  private name: string | undefined;
  private why: Why | undefined;
  private readonly state = html("p", { class: "details-state" });
  private readonly body = html("div", { class: "details-body" });

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly page: () => PageState | undefined,
  ) {
    dialog.addEventListener("close", () => {
      this.name = undefined;
      if (location.hash !== "") history.replaceState(null, "", location.pathname);
    });
    // A click beside the dialog closes it.
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }

  open(name: string): void {
    this.name = name;
    this.why = new Why(name, this.page()?.explains ?? false);
    const close = html(
      "button",
      { type: "button", class: "plain", "aria-label": "Close" },
      icon("close"),
    );
    close.addEventListener("click", () => {
      this.dialog.close();
    });
    this.state.replaceChildren();
    this.body.replaceChildren();
    this.dialog.replaceChildren(
      html(
        "div",
        { class: "sheet" },
        html(
          "header",
          {},
          html("h2", { id: "details-name", tabindex: -1 }, name),
          this.state,
          close,
        ),
        this.why.node,
        this.body,
      ),
    );
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
    if (!this.dialog.open) this.dialog.showModal();
    void this.refresh();
  }

  async refresh(): Promise<void> {
    const { name } = this;
    if (name === undefined) return;
    const answer = await fetch(`/api/tunnel?name=${encodeURIComponent(name)}`).catch(
      () => undefined,
    );
    if (this.name !== name) return;
    if (answer?.ok !== true) {
      const gone = answer?.status === 404;
      const text = gone
        ? "This tunnel is gone."
        : "The server does not answer: what is shown is old.";
      this.state.replaceChildren(icon("unknown"), html("span", {}, text));
      this.state.dataset.state = "unknown";
      return;
    }
    this.draw((await answer.json()) as TunnelDetails);
  }

  private draw(details: TunnelDetails): void {
    const { line } = details;
    if (this.state.dataset.state !== line.state || this.state.childElementCount === 0) {
      this.state.dataset.state = line.state;
      this.state.replaceChildren(icon(line.state), html("span"));
    }
    const text = this.state.lastElementChild;
    if (text !== null) setText(text, `${stateWord(line)}. ${STATE_MEANING[line.state]}`);
    const interval = this.page()?.intervalSeconds ?? 15;
    this.body.replaceChildren(
      ...(details.stale ? [html("p", { class: "note" }, staleness(details))] : []),
      ...differences(details),
      facts(details),
      chart(details.history, interval),
      ...(details.status?.selectors ?? []).map(selector),
    );
  }
}

function staleness({ at }: TunnelDetails): string {
  if (at === undefined) return "The gateway was not heard yet.";
  return `What follows is of ${clockTime(at)} and may be wrong by now.`;
}

function differences({ status }: TunnelDetails): HTMLElement[] {
  if (status === undefined || status.differs.length === 0) return [];
  const items = status.differs.map((text) => html("li", {}, text));
  return [
    html("section", { class: "note" }, html("h3", {}, "Not as declared"), html("ul", {}, ...items)),
  ];
}

type Fact = readonly [term: string, value: string | undefined];

function table(list: readonly Fact[]): HTMLElement {
  const rows = list.flatMap(([term, value]) =>
    value === undefined || value === ""
      ? []
      : [html("div", {}, html("dt", {}, term), html("dd", {}, value))],
  );
  return html("dl", {}, ...rows);
}

function facts({ line, status, carried, stateChanges }: TunnelDetails): HTMLElement {
  const ike = status?.ikeSa;
  const probe = status?.probe;
  const watchdog = status?.watchdog;
  return table([
    ["Last proof", ago(line.lastProof, Date.now())],
    ["Probe", probe && `${probe.source} → ${probe.target}: ${probeResult(probe)}`],
    ["Group", status?.group && groupText(status.group)],
    ["Peer", line.peer],
    ["Peer's address", ike?.peerAddress === line.peer ? undefined : ike?.peerAddress],
    ["Peer's identity", ike?.peerId],
    ["IKE", ike && words(line.daemon, ike.encryption, ike.integrity, ike.prf, ike.group)],
    ["IKE age", ike?.ageSeconds === undefined ? undefined : duration(ike.ageSeconds)],
    [
      "NAT between",
      ike?.natt === undefined ? undefined : ike.natt ? "yes, ESP travels in UDP 4500" : "no",
    ],
    ["As now since", status?.since && ago(status.since, Date.now())],
    ["Carried", carried && `${bytes(carried.bytesIn)} in, ${bytes(carried.bytesOut)} out`],
    ["State changes", `${stateChanges} since this server started`],
    [
      "Watchdog",
      watchdog &&
        words(
          plural(watchdog.resets, "reset"),
          watchdog.lastReset && `last ${ago(watchdog.lastReset, Date.now())}`,
          watchdog.reason,
        ),
    ],
  ]);
}

function probeResult({ ok, rttMs, lossPercent, error }: ProbeStatus): string {
  const loss = lossPercent === undefined || lossPercent === 0 ? undefined : `${lossPercent} % lost`;
  const time = rttMs === undefined ? undefined : `${rttMs.toFixed(1)} ms`;
  return words(ok ? "came back" : "did not come back", time, loss, error);
}

function words(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

function selector(selected: SelectorStatus): HTMLElement {
  const { local, remote, traffic, state, childSa: sa } = selected;
  const carried = traffic && [
    traffic.protocol,
    ...(traffic.localPort === undefined ? [] : [`from port ${traffic.localPort}`]),
    ...(traffic.remotePort === undefined ? [] : [`to port ${traffic.remotePort}`]),
  ];
  const heading = html("h3", {}, icon(state), words(`${local} ↔ ${remote}`, carried?.join(" ")));
  heading.dataset.state = state;
  return html(
    "section",
    { class: "selector" },
    heading,
    sa === undefined
      ? html("p", { class: "quiet" }, "No SA.")
      : table([
          ["Algorithms", words(sa.encryption, sa.integrity, sa.group)],
          ["Age", sa.ageSeconds === undefined ? undefined : duration(sa.ageSeconds)],
          ["Ends in", sa.expiresSeconds === undefined ? undefined : duration(sa.expiresSeconds)],
          [
            "Last packet",
            sa.idleSeconds === undefined ? undefined : `${duration(sa.idleSeconds)} ago`,
          ],
          ["In", volume(sa.bytesIn, sa.packetsIn)],
          ["Out", volume(sa.bytesOut, sa.packetsOut)],
          ["SPIs", `in ${sa.spiIn}, out ${sa.spiOut}`],
        ]),
  );
}

function volume(count: number | undefined, packets: number | undefined): string {
  return words(
    count === undefined ? undefined : bytes(count),
    packets === undefined ? undefined : plural(packets, "packet"),
  );
}
