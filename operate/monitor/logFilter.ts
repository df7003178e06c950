import { literally } from "../literally";
import { parseAddress } from "../../config/net";
import { fixedAddress, fixedAddresses } from "../../config/peer";
import { type LogLine, parseLogLine } from "../../parse/daemonLog";
import { policyIn, withoutIdentities } from "../../parse/logForms/names";
import { connectionNames } from "../../render/phase2Id";
import type { DeclaredTunnel } from "../../contract/tunnel";

/** Form: gwctl 71-watchNames.ksh watch_name. */
const MOVED = /^watch: (\S+): \S+ moved from \S+ to (\S+)$/;

const PROGRAMS = ["iked", "isakmpd", "gwctl"];

/**
 * Keeps the lines of the IKE daemons and of gwctl, or those about one tunnel: that name it, its peer
 * or its networks, and those of an SPI of which a line before did. A line that names nobody belongs to
 * the one beside it in the same second: with isakmpd the next one, which says whose message it was; else
 * it may be about every tunnel.
 */
export class LogFilter {
  private readonly spis = new Set<string>();
  private readonly others = new Set<string>();
  private words: readonly RegExp[] = [];
  /** Lines that name nobody, until the next one shows whose they are. */
  private waiting: { readonly line: string; readonly of: LogLine }[] = [];
  private last: { readonly of: LogLine; readonly kept: boolean } | undefined;

  constructor(private tunnel?: DeclaredTunnel) {
    this.locate(tunnel?.peer);
  }

  /** Where a peer that is given by name is when the first line is written. */
  locate(peer: string | undefined): void {
    if (this.tunnel === undefined || peer === undefined) return;
    this.tunnel = { ...this.tunnel, peer };
    this.words = wordsOf(this.tunnel).map(whole);
  }

  /** What is to be shown now that this line is known. */
  take(line: string): string[] {
    const of = parseLogLine(line);
    if (!of || !PROGRAMS.includes(of.program)) return [];
    if (!this.tunnel) return [line];
    if (namesNobody(of)) {
      if (of.program === "iked" && this.last && beside(this.last.of, of)) {
        return this.last.kept ? [line] : [];
      }
      this.waiting.push({ line, of });
      return [];
    }
    const kept = this.keeps(of, this.tunnel);
    const [, name, address] = of.program === "gwctl" ? (MOVED.exec(of.message) ?? []) : [];
    if (name === this.tunnel.name) this.locate(address);
    this.last = { of, kept };
    const before = this.waiting.filter((one) => kept || !beside(one.of, of)).map((one) => one.line);
    this.waiting = [];
    return kept ? [...before, line] : before;
  }

  /** What is still to be shown when no line follows. */
  rest(): string[] {
    return this.waiting.map(({ line }) => line);
  }

  private keeps({ spi, message }: LogLine, tunnel: DeclaredTunnel): boolean {
    const policy = policyIn(message);
    if (policy !== undefined && policy !== tunnel.name) {
      // Another tunnel to the same peer; but of peers without an address iked names any, until one says who it is.
      if (spi !== undefined && fixedAddress(tunnel.peer) !== undefined) this.others.add(spi);
      return false;
    }
    if (spi !== undefined && this.others.has(spi)) return false;
    const told = withoutIdentities(message);
    const named = this.words.some((word) => word.test(told));
    if (named && spi !== undefined) this.spis.add(spi);
    return named || (spi !== undefined && this.spis.has(spi));
  }
}

/** Of isakmpd and iked; what gwctl says has the tunnel's name, if it is about one. */
function namesNobody({ program, spi, message }: LogLine): boolean {
  if (program === "gwctl" || spi !== undefined) return false;
  return !/["']|\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]*:|\b(?:peer|from)-| expected \S+\.\S/.test(
    withoutIdentities(message),
  );
}

function beside(one: LogLine, other: LogLine): boolean {
  return one.program === other.program && one.stamp === other.stamp;
}

function wordsOf(tunnel: DeclaredTunnel): string[] {
  const { name, remoteId } = tunnel;
  return [
    `"${name}"`,
    `'${name}'`,
    `watch: ${name}:`,
    `tunnel: ${name}:`,
    "tunnel: all:",
    ...fixedAddresses([tunnel]),
    remoteId,
    ...connectionNames(tunnel),
  ];
}

/**
 * Not within a longer name or address: 10.0.0.1 is not in 10.0.0.11, nor fd00::2 in fd00::2:1. isakmpd writes IKE's
 * ports behind an address without brackets (transport.c).
 */
function whole(word: string): RegExp {
  const longer = parseAddress(word)?.includes(":") ? "|:(?!4?500\\b)[0-9a-f]" : "";
  return new RegExp(`(?<![\\w.-])${literally(word)}(?![\\w-]|\\.\\w${longer})`);
}
