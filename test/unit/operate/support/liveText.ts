import { localNetworks, remoteNetworks } from "../../../../config/pairs";
import type { DeclaredTunnel } from "../../../../contract/tunnel";

/** What the gateway has of one tunnel; the defaults are those of a tunnel that works. */
export interface LiveTunnel {
  readonly tunnel: DeclaredTunnel;
  /** As gwctl keeps it; undefined: it has no file. */
  readonly record?: "up" | "down" | "disabled" | "unresolved" | undefined;
  /** State of the IKE SA; undefined: there is none. */
  readonly ike?: string | undefined;
  /** Which halves of the child SA the kernel has. */
  readonly child?: readonly ("in" | "out")[];
  readonly encryption?: string;
  /** Of the child SA, as the log has it; without it the log has nothing of the child SA. */
  readonly group?: string;
  /** The probe's line after the name; undefined: it was not run. */
  readonly probe?: string | undefined;
  /** Packets that crossed meanwhile, in and out. */
  readonly crossed?: readonly [number, number];
}

export interface LiveGateway {
  readonly tunnels: readonly LiveTunnel[];
  readonly iked?: "running" | "stopped";
  readonly pf?: "Enabled" | "Disabled";
  /** Lines of the watchdog. */
  readonly watchdog?: readonly string[];
  /** Lines of the peers that are given by name. */
  readonly names?: readonly string[];
  /** Lines of what is kept of several proposals. */
  readonly proposals?: readonly string[];
}

export const NOW = 1_795_476_997;

/** What `gwctl live` prints of such a gateway, with iked. */
export function liveText({
  tunnels,
  iked = "running",
  pf = "Enabled",
  watchdog = [],
  names = [],
  proposals = [],
}: LiveGateway): string {
  const all = tunnels.map((one, number) => partsOf(one, number + 1));
  const section = (name: string, rows: string[]) => `--- ${name}\n${rows.join("")}`;
  return [
    section("gwctl", ["version 1\n"]),
    section("files", []),
    section("services", [`iked on ${iked}\n`, "isakmpd off stopped\n"]),
    section("keys", []),
    section(
      "tunnels",
      all.map(({ record }) => record),
    ),
    section(
      "names",
      names.map((line) => `${line}\n`),
    ),
    section(
      "proposals",
      proposals.map((line) => `${line}\n`),
    ),
    section(
      "flows",
      all.map(({ flows }) => flows),
    ),
    section("sas", []),
    section("ike", iked === "running" ? all.map(({ ike }) => ike) : []),
    section("sec", []),
    section("groups", []),
    section("pf", [`Status: ${pf} for 0 days 00:02:09              Debug: err\n`]),
    section("rules", []),
    section("sysctls", ["net.inet.ip.forwarding=1\n"]),
    section(
      "watchdog",
      watchdog.map((line) => `${line}\n`),
    ),
    section("uptime", ["4711\n"]),
    section("clock", [`${NOW} +0000\n`]),
    section(
      "log",
      all.map(({ log }) => log),
    ),
    section(
      "before",
      all.map(({ before }) => before),
    ),
    section(
      "probes",
      all.map(({ probe }) => probe),
    ),
    section(
      "after",
      all.map(({ after }) => after),
    ),
  ].join("");
}

const counted = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function partsOf(live: LiveTunnel, number: number) {
  const { tunnel, child = ["in", "out"], encryption = "aes-256", crossed = [3, 3] } = live;
  const record = "record" in live ? live.record : "up";
  const state = "ike" in live ? live.ike : "ESTABLISHED";
  const probe = "probe" in live ? live.probe : "3 3 2.1";
  const { name, peer, remoteId } = tunnel;
  const [local = "", remote = ""] = [localNetworks(tunnel)[0], remoteNetworks(tunnel)[0]];
  const hex = (digits: number, kind: number) =>
    (kind * 0x1000000 + number).toString(16).padStart(digits, "0");
  const [inSpi, outSpi, ikeSpi] = [`0x${hex(8, 1)}`, `0x${hex(8, 2)}`, `0x${hex(16, 3)}`];
  const six = peer.includes(":");
  const [ikeRef, gw] = [`0x${hex(1, 4)}`, six ? "2001:db8:10::2" : "10.10.0.2"];
  const port = (address: string) => (six ? `[${address}]:4500` : `${address}:4500`);
  const has = (direction: "in" | "out") => child.includes(direction);
  const flow = (direction: string, from: string, to: string) =>
    `flow esp ${direction} from ${from} to ${to} peer ${peer} srcid FQDN/gw dstid FQDN/${remoteId} type require\n`;
  const flowsUp = child.length > 0;
  const sa = (
    from: string,
    to: string,
    spi: string,
    packets: readonly [number, number],
    idle: number,
  ) =>
    `@0 esp tunnel from ${from} to ${to} spi ${spi} auth hmac-sha2-512 enc ${encryption}
\tlifetime_cur: alloc 0 bytes 1008 add ${NOW - 600} first 0
\tlifetime_hard: alloc 0 bytes 0 add 3600 first 0
\tlifetime_lastuse: alloc 0 bytes 0 add 0 first ${NOW - idle}
\tcounter:${" "}
\t\t${counted(packets[0], "input packet")}
\t\t${counted(packets[1], "output packet")}
\t\t${counted(packets[0] * (172 + 84), "input byte")}
\t\t${counted(packets[1] * 172, "output byte")}
\t\t${counted(packets[0] * 84, "input byte")}, decompressed
\t\t${counted(packets[1] * 84, "output byte")}, uncompressed
`;
  const counters = (more: readonly [number, number]) =>
    (has("in") ? sa(peer, gw, inSpi, [10 + more[0], 0], 5) : "") +
    (has("out") ? sa(gw, peer, outSpi, [0, 10 + more[1]], 7) : "");
  const childRow = (spi: string, direction: string) =>
    `  sa_childsas: 0x9c7f ESP ${spi} ${direction} ${port(peer)} -> ${port(gw)} (L) B=0x0 P=0x0 @${ikeRef}\n`;
  return {
    record: record === undefined ? "" : `${name} iked ${record}\n`,
    flows: flowsUp ? flow("out", local, remote) + flow("in", remote, local) : "",
    ike:
      (state === undefined
        ? ""
        : `iked_sas: ${ikeRef} rspi 0x${hex(16, 5)} ispi ${ikeSpi} ${port(gw)}->${port(peer)}<FQDN/${remoteId}>[] ${state} i natt udpencap nexti 0x0 pol 0x1\n`) +
      (has("out") ? childRow(outSpi, "out") : "") +
      (has("in") ? childRow(inSpi, "in") : "") +
      (flowsUp ? `  sa_flows: 0x1 ESP out ${local} -> ${remote} [0]@-1 (L) @${ikeRef}\n` : ""),
    log:
      (live.group === undefined
        ? ""
        : `Nov 23 23:26:37 gw iked[7]: spi=${ikeSpi}: ikev2_childsa_enable: loaded SPIs: ${outSpi}, ${inSpi} (enc aes-256 auth hmac-sha2-512 group ${live.group})\n`) +
      `Nov 23 23:20:00 gw iked[7]: spi=${ikeSpi}: established peer ${peer}:4500[FQDN/${remoteId}] local ${gw}:4500[FQDN/gw] policy '${name}' as initiator (enc aes-256 auth hmac-sha2-256 group ecp256 prf hmac-sha2-256)\n`,
    before: counters([0, 0]),
    probe: probe === undefined ? "" : `${name} ${probe}\n`,
    after: counters(crossed),
  };
}
