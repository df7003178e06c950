import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Mirror {
  /** For --mirror. */
  readonly url: string;
  /** `PATH` or `PATH RANGE` of every request. */
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

export interface Behaviour {
  /** Path below the mirror's root → content. What is not there is 404. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** Answers every range with the whole file. */
  readonly ignoreRange?: boolean;
  /** Breaks the connection after so many bytes of a body. */
  readonly cutAfter?: number;
  /** Sends so many bytes of a body and then nothing more. */
  readonly hangAfter?: number;
}

/** A mirror on the loopback interface. */
export async function startMirror(behaviour: Behaviour): Promise<Mirror> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push([request.url, request.headers.range].filter(Boolean).join(" "));
    serve(behaviour, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/pub/OpenBSD`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function serve(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): void {
  const { files, ignoreRange, cutAfter, hangAfter } = behaviour;
  const content = files[(request.url ?? "").replace("/pub/OpenBSD/", "")];
  if (!content) {
    response.writeHead(404).end();
    return;
  }
  const wanted = ignoreRange ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
  const start = Number(wanted ?? 0);
  if (wanted !== undefined && start >= content.length) {
    response.writeHead(416, { "Content-Range": `bytes */${content.length}` }).end();
    return;
  }
  const body = content.subarray(start);
  const range = `bytes ${start}-${content.length - 1}/${content.length}`;
  response.writeHead(wanted === undefined ? 200 : 206, {
    "Content-Length": body.length,
    ...(wanted !== undefined && { "Content-Range": range }),
  });
  const limit = request.url?.endsWith(".iso") ? (cutAfter ?? hangAfter) : undefined;
  if (limit === undefined || limit >= body.length) response.end(body);
  else {
    response.write(body.subarray(0, limit), () => {
      if (cutAfter !== undefined) setImmediate(() => response.destroy());
    });
  }
}
