import type { ServerResponse } from "node:http";

/** What a route answers, when it is not a stream. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export function plain(status: number, body: string, headers?: Reply["headers"]): Reply {
  return {
    status,
    type: "text/plain; charset=utf-8",
    body: `${body}\n`,
    ...(headers && { headers }),
  };
}

export function json(body: unknown, status = 200): Reply {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(body) };
}

export function send(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body);
  const about = { "Content-Type": reply.type, "Content-Length": body.length };
  response.writeHead(reply.status, { ...(reply.status !== 304 && about), ...reply.headers });
  // For HEAD, Node leaves the body out by itself.
  response.end(body);
}
