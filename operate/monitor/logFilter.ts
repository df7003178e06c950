import { parseLogLine } from "../../parse/daemonLog";
import { selectors } from "../../config/selectors";
import type { DeclaredTunnel } from "../stack/outputs";

const PROGRAMS = ["iked", "isakmpd", "gwctl"];

/**
 * Keeps the lines of the IKE daemons and of gwctl, or those about one tunnel: that name it, its peer
 * or its networks, and those of an SPI of which a line before did.
 */
export class LogFilter {
  private readonly spis = new Set<string>();
  private readonly others = new Set<string>();
  private readonly words: readonly RegExp[];

  constructor(private readonly tunnel?: DeclaredTunnel) {
    this.words = tunnel === undefined ? [] : wordsOf(tunnel).map(whole);
  }

  keeps(line: string): boolean {
    const parsed = parseLogLine(line);
    if (!parsed || !PROGRAMS.includes(parsed.program)) return false;
    if (!this.tunnel) return true;
    const { spi, message } = parsed;
    const policy = / policy '([^']*)'/.exec(message)?.[1];
    if (policy !== undefined && policy !== this.tunnel.name) {
      // Another tunnel to the same peer.
      if (spi !== undefined) this.others.add(spi);
      return false;
    }
    if (spi !== undefined && this.others.has(spi)) return false;
    const named = this.words.some((word) => word.test(message));
    if (named && spi !== undefined) this.spis.add(spi);
    return named || (spi !== undefined && this.spis.has(spi));
  }
}

function wordsOf(tunnel: DeclaredTunnel): string[] {
  const { name, peer, remoteId } = tunnel;
  return [
    `"${name}"`,
    `'${name}'`,
    `watch: ${name}:`,
    peer,
    remoteId,
    ...selectors(tunnel).map(({ from, to }) => `from-${from}-to-${to}`),
  ];
}

/** Not within a longer name or address: 10.0.0.1 is not in 10.0.0.11. */
function whole(word: string): RegExp {
  const escaped = word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`);
}
