import { parseLogLine } from "./daemonLog";
import { IKED } from "./logForms/iked";

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

/** Every SA whose beginning the lines tell, in their order. */
export function parseIkedEvents(rows: readonly string[]): IkedEvents {
  const ike: IkeUp[] = [];
  const children: ChildUp[] = [];
  for (const row of rows) {
    const line = parseLogLine(row);
    if (line?.program !== "iked") continue;
    const { stamp, spi, message } = line;
    const established = IKED.established.form.exec(message)?.[3];
    const [, newSpi, rekeyed] = IKED.rekeyed.form.exec(message) ?? [];
    const [, spis, loaded] = IKED.loadedSpis.form.exec(message) ?? [];
    if (established !== undefined && spi !== undefined) {
      ike.push({ stamp, spi, ...algorithmsOf(established) });
    } else if (newSpi !== undefined && rekeyed !== undefined) {
      ike.push({ stamp, spi: `0x${newSpi.padStart(16, "0")}`, ...algorithmsOf(rekeyed) });
    } else if (spis !== undefined && loaded !== undefined) {
      children.push({ stamp, spis: spis.split(", "), ...algorithmsOf(loaded) });
    }
  }
  return { ike, children };
}

/**
 * `enc aes-256 auth hmac-sha2-256 group ecp256 prf hmac-sha2-256`. iked writes `unknown` for every ESP cipher
 * with a salt other than AES-GCM, such as chacha20-poly1305: it compares the key's length with the salt in it
 * (print.c print_xf).
 */
export function algorithmsOf(words: string): Algorithms {
  const named = (word: string) => {
    const name = new RegExp(`(?:^| )${word} (\\S+)`).exec(words)?.[1];
    return name === "unknown" ? undefined : name;
  };
  return {
    encryption: named("enc"),
    integrity: named("auth"),
    prf: named("prf"),
    group: named("group"),
  };
}
