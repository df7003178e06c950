import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Board } from "../board";
import type { Metrics } from "../metrics";
import type { Clock } from "../time";
import type { Access } from "./access";
import type { Assets } from "./assets";
import type { Events } from "./events";
import { sentence, type Explanations } from "./explanations";
import { refusal } from "./guard";
import { SECURITY_HEADERS } from "./headers";
import { json, plain, send, type Reply } from "./reply";

export interface Site {
  readonly board: Board;
  readonly metrics: Metrics;
  readonly events: Events;
  readonly explanations: Explanations | undefined;
  readonly access: Access;
  readonly assets: Assets;
  readonly clock: Clock;
  /** Host names, besides addresses and localhost, that the server answers to. */
  readonly hostNames: readonly string[];
}

const MOST_CONNECTIONS = 256;
const FORM_LIMIT = 4096;

/**
 * Has room for whoever asks next: beyond the most connections, the one goes that has said nothing
 * complete for the longest time. Refusing new ones instead would let 256 silent ones keep everybody out.
 */
function limitConnections(server: Server): void {
  let open = 0;
  /** In the order in which they began to wait for a request. */
  const silent = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open += 1;
    silent.add(socket);
    socket.once("close", () => {
      open -= 1;
      silent.delete(socket);
    });
    if (open <= MOST_CONNECTIONS) return;
    const [oldest = socket] = silent;
    oldest.destroy();
  });
  server.on("request", ({ socket }, response) => {
    silent.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) silent.add(socket);
    });
  });
}

/** What anybody may have: the login form and what it looks like. */
const PUBLIC = ["/login", "/style.css", "/icon.svg"];

export function createSite(site: Site): Server {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    response.on("error", () => undefined);
    void answer(site, request, response)
      .catch((error: unknown) => plain(500, sentence(error)))
      .then((reply) => {
        if (reply === undefined) return;
        // A body that nobody read would be taken for the next request.
        if (!request.complete) response.setHeader("Connection", "close");
        send(response, reply);
      });
  });
  limitConnections(server);
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  return server;
}

/** @returns undefined when the response is a stream that goes on. */
async function answer(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | undefined> {
  const refused = refusal(request, site.hostNames);
  if (refused !== undefined) return refused;
  const target = request.url ?? "/";
  if (!URL.canParse(target, "http://server")) return plain(400, "The address is malformed.");
  const url = new URL(target, "http://server");
  const path = url.pathname;

  if (request.method === "POST" && path === "/login" && !site.access.open) {
    return login(site.access, await form(request));
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return plain(405, "This server is for reading: GET only.", { Allow: "GET, HEAD" });
  }
  if (!PUBLIC.includes(path) && !site.access.granted(request)) {
    if (path === "/") return seeOther("/login");
    return plain(401, "Give the token: Authorization: Bearer TOKEN.", {
      "WWW-Authenticate": 'Bearer realm="gateway"',
    });
  }
  if (path === "/login" && site.access.granted(request)) return seeOther("/");
  const asset = site.assets.get(path);
  if (asset !== undefined) return unlessCached(asset, request);
  return content(site, path, url.searchParams, request, response);
}

async function content(
  { board, metrics, events, explanations, clock }: Site,
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | undefined> {
  switch (path) {
    case "/metrics": {
      const { contentType, text } = await metrics.expose();
      return { status: 200, type: contentType, body: text };
    }
    case "/api/events":
      if (request.method === "HEAD") return plain(405, "Events are for GET.", { Allow: "GET" });
      return events.join(response) ? undefined : plain(503, "Too many pages are open.");
    case "/api/state":
      return json(board.page(clock.now()));
    case "/api/histories":
      return json(board.histories());
    case "/api/tunnel":
    case "/api/why": {
      const name = query.get("name") ?? "";
      if (!board.has(name)) return json({ error: "There is no such tunnel." }, 404);
      if (path === "/api/tunnel") return json(board.details(name, clock.now()));
      if (explanations === undefined) {
        return json({ error: "This server was started without a way to explain." }, 501);
      }
      try {
        return json(await explanations.ask(name));
      } catch (error) {
        return json({ error: sentence(error) }, 502);
      }
    }
    default:
      return plain(404, "There is nothing here.");
  }
}

function unlessCached(asset: Reply, request: IncomingMessage): Reply {
  const tag = asset.headers?.ETag;
  if (tag === undefined || request.headers["if-none-match"] !== tag) return asset;
  return { ...asset, status: 304, body: "" };
}

function login(access: Access, token: string | undefined): Reply {
  const cookie = access.login(token ?? "");
  if (cookie === undefined) return seeOther("/login#wrong");
  return seeOther("/", { "Set-Cookie": cookie });
}

function seeOther(location: string, headers: Record<string, string> = {}): Reply {
  return plain(303, `Go to ${location}`, { Location: location, ...headers });
}

/** The field `token` of a small form. */
async function form(request: IncomingMessage): Promise<string | undefined> {
  let body = "";
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString();
    if (body.length > FORM_LIMIT) return undefined;
  }
  return new URLSearchParams(body).get("token")?.trim();
}
