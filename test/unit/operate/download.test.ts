import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { download, MirrorError } from "../../../operate/media/download";

let directory: string;
let server: Server | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "download-"));
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function from(answer: (response: ServerResponse) => void): Promise<string> {
  server = createServer((_, response) => {
    answer(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/install79.iso`;
}

const io = { err: () => undefined, terminal: false, signal: new AbortController().signal };
const MIB = 1024 ** 2;

test("a mirror that announces more than any ISO has is given up before a byte is written", async () => {
  const url = await from((response) => {
    response.writeHead(200, { "Content-Length": String(5 * 1024 ** 3) });
    response.flushHeaders();
  });
  const partial = join(directory, "partial");
  await expect(download({ url, partial, io })).rejects.toThrow(/larger than 4294967296 bytes/);
  expect(() => statSync(partial)).toThrow();
});

test("a mirror that sends without end is given up", async () => {
  const url = await from((response) => {
    const send = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(MIB)));
      response.once("drain", send);
    };
    send();
  });
  const partial = join(directory, "partial");
  await expect(download({ url, partial, io, largest: 8 * MIB })).rejects.toThrow(MirrorError);
  expect(statSync(partial).size).toBeLessThan(16 * MIB);
});
