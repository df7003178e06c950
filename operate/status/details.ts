import type { ChildSaStatus, TunnelStatus } from "../../contract/documents/status";
import { fixedAddress } from "../../config/peer";
import { groupText } from "./groupText";
import { pairText } from "./pairs";
import { useLines } from "./proposalUse";
import { age, amount, wholeSeconds } from "./text";

/** All that is known of one tunnel, a line for each thing. */
export function tunnelDetails(tunnel: TunnelStatus): string {
  const { name, daemon, state, since, ikeSa, probe, selectors, watchdog, chosen, proposals } =
    tunnel;
  const { group } = tunnel;
  const lines = [
    "",
    `${name}: ${state}${since === undefined ? "" : ` since ${wholeSeconds(since)}`}`,
    `  peer       ${peerText(tunnel)}, ${daemon}${ikeSa?.peerId === undefined ? "" : `, ${ikeSa.peerId}`}`,
  ];
  if (ikeSa) {
    const { encryption, integrity, prf, group, natt, ageSeconds } = ikeSa;
    const words = [
      ...algorithms([encryption, integrity, prf && `prf ${prf}`, group]),
      ...(natt === true ? ["NAT-T"] : []),
      ...(ageSeconds === undefined ? [] : [`${age(ageSeconds)} old`]),
    ];
    lines.push(`  phase 1    ${words.join(", ") || "established"}`);
  } else {
    lines.push("  phase 1    none");
  }
  if (chosen) {
    const said = ([1, 2] as const).flatMap((phase) => {
      const one = chosen[`phase${phase}`];
      return one ? [`phase ${phase} by ${one.number} of ${one.of}`] : [];
    });
    lines.push(`  proposals  ${said.join(", ")}`);
  }
  if (chosen ?? proposals) {
    lines.push(...useLines(tunnel).map((line) => `             ${line}`));
  }
  if (probe) {
    const { source, target, ok, rttMs, lossPercent } = probe;
    const said = ok
      ? `answered${rttMs === undefined ? "" : ` in ${rttMs.toFixed(1)} ms`}, ${lossPercent ?? 0}% lost`
      : (probe.error ?? "no answer");
    lines.push(`  probe      ${source} to ${target}: ${said}`);
  }
  if (group) {
    const since = group.since === undefined ? "" : `, since ${wholeSeconds(group.since)}`;
    lines.push(`  group      ${groupText(group)}${since}`);
  }
  for (const selector of selectors) {
    lines.push(`  ${pairText(selector)}: ${selector.state}`);
    if (selector.childSa) lines.push(...childLines(selector.childSa));
  }
  if (watchdog) {
    const { resets, lastReset, reason } = watchdog;
    const last = lastReset === undefined ? "" : `, last ${wholeSeconds(lastReset)}`;
    const said = reason === undefined ? "" : `: ${reason}`;
    lines.push(`  watchdog   ${resets} reset${resets === 1 ? "" : "s"}${last}${said}`);
  }
  return `${lines.join("\n")}\n`;
}

function peerText({ peer, peerAddress, ikeSa }: TunnelStatus): string {
  const now = peerAddress ?? (fixedAddress(peer) === undefined ? ikeSa?.peerAddress : undefined);
  return now === undefined ? peer : `${peer}, now ${now}`;
}

function childLines(sa: ChildSaStatus): string[] {
  const times = [
    ...(sa.ageSeconds === undefined ? [] : [`${age(sa.ageSeconds)} old`]),
    ...(sa.expiresSeconds === undefined ? [] : [`ends in ${age(sa.expiresSeconds)}`]),
    ...(sa.idleSeconds === undefined ? [] : [`last packet ${age(sa.idleSeconds)} ago`]),
  ];
  const direction = (what: string, spi: string, bytes?: number, packets?: number) =>
    `    ${what.padEnd(4)} ${spi}` +
    (bytes === undefined || packets === undefined
      ? ""
      : `  ${amount(bytes)}B in ${packets} packets`);
  return [
    `    ${[...algorithms([sa.encryption, sa.integrity, sa.group]), ...times].join(", ")}`,
    direction("in", sa.spiIn, sa.bytesIn, sa.packetsIn),
    direction("out", sa.spiOut, sa.bytesOut, sa.packetsOut),
  ];
}

function algorithms(names: readonly (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined && name !== "").map(String);
}
