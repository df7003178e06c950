import { fixedAddress } from "../../config/peer";
import { age, amount, clip, paint, type Style, wholeSeconds, wrapped } from "./text";
import type { GatewayStatus, TunnelState, TunnelStatus } from "../../contract/documents/status";
import { certificateRemarks } from "./certificates";
import { olderChosen } from "./chosen";
import { groupText } from "./groupText";
import { pairText } from "./pairs";
import { unusedProposals } from "./proposalUse";
import { ratesSince, type Rates } from "./rates";

export interface TableOptions {
  /** Characters per line. */
  readonly columns: number;
  readonly colours: boolean;
  /** An earlier look, to show bytes per second instead of bytes. */
  readonly previous?: GatewayStatus | undefined;
}

const STYLES: Readonly<Record<TunnelState, Style>> = {
  proven: "green",
  established: "yellow",
  negotiating: "yellow",
  down: "red",
  unknown: "red",
  unmanaged: "magenta",
  disabled: "dim",
};

/** The status as a table with the worst first, then what is wrong, in lines of the given width. */
export function statusTable(status: GatewayStatus, options: TableOptions): string {
  const { tunnels } = status;
  const rates = options.previous && ratesSince(options.previous, status);
  const fixed = 11 + 15 + 11 + 6 + 6 + 5 + 5 + 7;
  const longest = Math.max(6, ...tunnels.map(({ name }) => name.length));
  const nameWidth = Math.max(6, Math.min(longest, options.columns - fixed));
  return [
    headline(status),
    ...daemonStarts(status).flatMap((line) => wrapped(line, 2, options.columns)),
    ...status.problems.flatMap((problem) => wrapped(`! ${problem}`, 2, options.columns)),
    ...certificateRemarks(status.certificates).flatMap((line) => wrapped(line, 2, options.columns)),
    ...(tunnels.length > 0 ? [header(nameWidth, rates !== undefined)] : []),
    ...tunnels.flatMap((tunnel) => [
      row(tunnel, nameWidth, options, rates?.get(tunnel.name)),
      ...remarks(tunnel).flatMap((remark) => wrapped(`  ${remark}`, 4, options.columns)),
    ]),
    summary(tunnels),
    "",
  ].join("\n");
}

function headline({ gateway, at }: GatewayStatus): string {
  const { name, address, daemon, uptimeSeconds } = gateway;
  const up = uptimeSeconds === undefined ? "" : `, up ${age(uptimeSeconds)}`;
  return `${name} (${address}) ${daemon}${up}, ${wholeSeconds(at)}`;
}

function daemonStarts({ gateway: { daemon, watchdog } }: GatewayStatus): string[] {
  if (!watchdog) return [];
  const { starts, lastStart, reason } = watchdog;
  const count = `${starts} start${starts === 1 ? "" : "s"} of ${daemon}`;
  return [`watchdog: ${count}, last ${wholeSeconds(lastStart)}: ${reason}`];
}

function header(nameWidth: number, perSecond: boolean): string {
  const names = ["STATE", "TUNNEL", "PEER", "PROBE", "IN", "OUT", "AGE", "REKEY"];
  const units = perSecond ? ["IN/s", "OUT/s"] : ["IN", "OUT"];
  return columns([...names.slice(0, 4), ...units, ...names.slice(6)], nameWidth);
}

function row(
  tunnel: TunnelStatus,
  nameWidth: number,
  { colours }: TableOptions,
  rates: Rates | undefined,
): string {
  const { state, name, selectors } = tunnel;
  const sas = selectors.flatMap(({ childSa }) => childSa ?? []);
  // Several selectors may share one pair of SAs.
  const own = [...new Map(sas.map((sa) => [sa.spiOut, sa])).values()];
  const total = (values: (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? "-" : amount(known.reduce((sum, value) => sum + value, 0));
  };
  const least = (values: (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? "-" : age(Math.min(...known));
  };
  const text = columns(
    [
      state,
      name,
      tunnel.peerAddress ?? fixedAddress(tunnel.peer) ?? tunnel.ikeSa?.peerAddress ?? tunnel.peer,
      probeText(tunnel),
      rates ? amount(rates.bytesIn) : total(own.map(({ bytesIn }) => bytesIn)),
      rates ? amount(rates.bytesOut) : total(own.map(({ bytesOut }) => bytesOut)),
      least(own.map(({ ageSeconds }) => ageSeconds)),
      least(own.map(({ expiresSeconds }) => expiresSeconds)),
    ],
    nameWidth,
  );
  return paint(STYLES[state], text.slice(0, state.length), colours) + text.slice(state.length);
}

function columns(values: readonly string[], nameWidth: number): string {
  const [state = "", name = "", peer = "", probe = "", ...numbers] = values;
  const [bytesIn = "", bytesOut = "", since = "", rekey = ""] = numbers;
  return [
    state.padEnd(11),
    clip(name, nameWidth).padEnd(nameWidth),
    clip(peer, 15).padEnd(15),
    clip(probe, 11).padEnd(11),
    bytesIn.padStart(6),
    bytesOut.padStart(6),
    since.padStart(5),
    rekey.padStart(5),
  ]
    .join(" ")
    .trimEnd();
}

function probeText({ probe }: TunnelStatus): string {
  if (!probe) return "-";
  if (probe.error !== undefined) return "failed";
  if (!probe.ok) return "no answer";
  const loss = probe.lossPercent ?? 0;
  const rtt =
    probe.rttMs === undefined ? "answered" : `${probe.rttMs.toFixed(probe.rttMs < 10 ? 1 : 0)} ms`;
  return loss > 0 ? `${rtt} -${loss}%` : rtt;
}

function remarks(tunnel: TunnelStatus): string[] {
  const { state, selectors, probe, differs, byHand } = tunnel;
  // Where the tunnel is proven as a whole, pairs that merely are established are no news.
  const odd = selectors.filter(
    (selector) =>
      selector.state !== state && !(state === "proven" && selector.state === "established"),
  );
  return [
    ...(odd.length > 0 || state === "unmanaged"
      ? (state === "unmanaged" ? selectors : odd).map(
          (selector) => `${pairText(selector)}: ${selector.state}`,
        )
      : []),
    // Where nothing is up, that nothing can be sent is no news.
    ...(probe?.error === undefined || state === "down"
      ? []
      : [`probe ${probe.source} to ${probe.target}: ${probe.error}`]),
    ...[...differs, ...olderChosen(tunnel)].map((difference) => `! ${difference}`),
    ...unusedProposals(tunnel),
    ...(tunnel.group ? [groupText(tunnel.group)] : []),
    ...(byHand !== undefined && differs.length === 0 ? ["taken down by hand"] : []),
  ];
}

function summary(tunnels: readonly TunnelStatus[]): string {
  if (tunnels.length === 0) return "no tunnels";
  const counts = new Map<TunnelState, number>();
  for (const { state } of tunnels) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${state}`);
  return `${tunnels.length} tunnel${tunnels.length === 1 ? "" : "s"}: ${parts.join(", ")}`;
}
