import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { plain, type Reply } from "./reply";

/**
 * Refuses what no honest client of this server sends. A hostile web page can make a browser on this
 * machine talk to 127.0.0.1: under a name of its own that it points there (DNS rebinding: the Host
 * header shows it), or blindly across sites (Sec-Fetch-Site shows it).
 *
 * @param names host names the server is known by; addresses and localhost are always right, for
 *   nobody else's name can be an address
 * @returns the refusal, or undefined
 */
export function refusal(request: IncomingMessage, names: readonly string[]): Reply | undefined {
  const host = hostOf(request.headers.host ?? "");
  if (host === undefined) return plain(400, "The Host header is missing or malformed.");
  if (isIP(host) === 0 && host !== "localhost" && !names.includes(host)) {
    return plain(
      421,
      `This server does not answer to the name ${host}; start it with --host-name ${host} if it should.`,
    );
  }
  const site = request.headers["sec-fetch-site"];
  const navigation = request.headers["sec-fetch-mode"] === "navigate";
  if ((site === "cross-site" || site === "same-site") && !navigation) {
    return plain(403, "Another site's page asks; only this server's own may.");
  }
  const origin = request.headers.origin;
  if (request.method === "POST" && origin !== undefined && !sameHost(origin, request)) {
    return plain(403, "Another site's form asks; only this server's own may.");
  }
  return undefined;
}

/** Without port and brackets, in lower case. */
function hostOf(header: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

function sameHost(origin: string, request: IncomingMessage): boolean {
  try {
    return new URL(origin).host === request.headers.host?.toLowerCase();
  } catch {
    return false;
  }
}
