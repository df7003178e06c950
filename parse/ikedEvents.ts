import { parseLogLine } from "./daemonLog";

/** What iked's log says of an SA when it comes up. */
export interface Algorithms {
  readonly encryption?: string | undefined;
  readonly integrity?: string | undefined;
  readonly prf?: string | undefined;
  readonly group?: string | undefined;
}

/** An IKE SA that came up, or took over from another. */
export interface IkeUp extends Algorithms {
  readonly stamp: string;
  /** 0x and sixteen digits. */
  readonly spi: string;
}

/** A pair of child SAs that came up. */
export interface ChildUp extends Algorithms {
  readonly stamp: string;
  /** 0x and eight digits each. */
  readonly spis: readonly string[];
}

export interface IkedEvents {
  readonly ike: readonly IkeUp[];
  readonly children: readonly ChildUp[];
}

// Forms: iked ikev2.c ikev2_ike_sa_setreason, ikev2_childsa_enable, ikev2_ikesa_enable.
const ESTABLISHED = /^(?:\w+: )?established peer .* \(([^()]*)\)$/;
const REKEYED = /^(?:\w+: )?rekeyed as new IKESA (0x[0-9a-f]{16}) \(([^()]*)\)$/;
const LOADED = /^(?:\w+: )?loaded SPIs: (0x[0-9a-f]+(?:, 0x[0-9a-f]+)*) \(([^()]*)\)$/;

/** Every SA whose beginning the lines tell, in their order. */
export function parseIkedEvents(rows: readonly string[]): IkedEvents {
  const ike: IkeUp[] = [];
  const children: ChildUp[] = [];
  for (const row of rows) {
    const line = parseLogLine(row);
    if (line?.program !== "iked") continue;
    const { stamp, spi, message } = line;
    const established = ESTABLISHED.exec(message)?.[1];
    const [, newSpi, rekeyed] = REKEYED.exec(message) ?? [];
    const [, spis, loaded] = LOADED.exec(message) ?? [];
    if (established !== undefined && spi !== undefined) {
      ike.push({ stamp, spi, ...algorithmsOf(established) });
    } else if (newSpi !== undefined && rekeyed !== undefined) {
      ike.push({ stamp, spi: newSpi, ...algorithmsOf(rekeyed) });
    } else if (spis !== undefined && loaded !== undefined) {
      children.push({ stamp, spis: spis.split(", "), ...algorithmsOf(loaded) });
    }
  }
  return { ike, children };
}

/** `enc aes-256 auth hmac-sha2-256 group ecp256 prf hmac-sha2-256` */
function algorithmsOf(words: string): Algorithms {
  const named = (word: string) => new RegExp(`(?:^| )${word} (\\S+)`).exec(words)?.[1];
  return {
    encryption: named("enc"),
    integrity: named("auth"),
    prf: named("prf"),
    group: named("group"),
  };
}
