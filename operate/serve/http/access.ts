import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const COOKIE = "gateway_session";
export const SESSION_HOURS = 12;
const MOST_SESSIONS = 100;

/** Who may read. Without a token: everybody who can connect. */
export class Access {
  /** Hash of the session's identifier → when it ends, in milliseconds since 1970. */
  private readonly sessions = new Map<string, number>();
  private readonly digest: Buffer | undefined;

  constructor(
    token: string | undefined,
    private readonly now: () => number,
  ) {
    this.digest = token === undefined ? undefined : sha256(token);
  }

  get open(): boolean {
    return this.digest === undefined;
  }

  granted(request: IncomingMessage): boolean {
    if (this.open) return true;
    const [, bearer] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (bearer !== undefined) return this.matches(bearer);
    const session = cookie(request.headers.cookie ?? "");
    if (session === undefined) return false;
    const ends = this.sessions.get(sha256(session).toString("hex"));
    return ends !== undefined && ends > this.now();
  }

  /** @returns the Set-Cookie header of a new session, or undefined for a wrong token. */
  login(token: string): string | undefined {
    if (!this.matches(token)) return undefined;
    const session = randomBytes(32).toString("base64url");
    this.sessions.set(sha256(session).toString("hex"), this.now() + SESSION_HOURS * 3_600_000);
    for (const oldest of this.sessions.keys()) {
      if (this.sessions.size <= MOST_SESSIONS) break;
      this.sessions.delete(oldest);
    }
    return `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_HOURS * 3600}`;
  }

  /** Hashes have one length, so the comparison takes the same time whatever was given. */
  private matches(token: string): boolean {
    return this.digest !== undefined && timingSafeEqual(sha256(token), this.digest);
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function cookie(header: string): string | undefined {
  return new RegExp(`(?:^|; *)${COOKIE}=([\\w-]{1,128})(?:;|$)`).exec(header)?.[1];
}
