import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { Refusal, UsageError } from "../command";

export interface Listen {
  /** An address, or "localhost". */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** @throws UsageError unless the text is ADDRESS:PORT, with brackets around an IPv6 address. */
export function parseListen(text: string): Listen {
  const [, v6, other, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = v6 ?? other ?? "";
  const port = Number(digits);
  const known = v6 === undefined ? isIP(host) === 4 || host === "localhost" : isIP(host) === 6;
  if (!known || !(port <= 65535)) {
    throw new UsageError(
      `--listen ${text}: write an address and a port, such as 127.0.0.1:9177 or [::1]:9177`,
    );
  }
  return { host, port };
}

/** Whether only programs on this machine can connect. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

const SHORTEST_TOKEN = 32;
const MAKE_ONE = "make one with: (umask 077; openssl rand -hex 32 > FILE)";

/** @throws Refusal unless the file holds one token that nobody else can read or guess. */
export function readToken(file: string): string {
  const { mode, size } = statOf(file);
  if ((mode & 0o077) !== 0) {
    throw new Refusal(`--token-file ${file}: others may read it: chmod 600 ${file}`);
  }
  if (size > 4096) throw new Refusal(`--token-file ${file}: is too large for a token: ${MAKE_ONE}`);
  const token = readFileSync(file, "utf8").trim();
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < SHORTEST_TOKEN) {
    throw new Refusal(
      `--token-file ${file}: needs one word of ${SHORTEST_TOKEN} or more ASCII characters: ${MAKE_ONE}`,
    );
  }
  return token;
}

function statOf(file: string): { mode: number; size: number } {
  try {
    return statSync(file);
  } catch {
    throw new Refusal(`--token-file ${file}: cannot be read: ${MAKE_ONE}`);
  }
}
