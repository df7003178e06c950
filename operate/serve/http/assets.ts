import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Reply } from "./reply";

const FOLDER = join(__dirname, "..", "assets");

export type Assets = ReadonlyMap<string, Reply>;

/** The page's files, read and bundled once, in memory from then on. */
export async function loadAssets(): Promise<Assets> {
  const file = (path: string): Buffer => readFileSync(join(FOLDER, path));
  const { outputFiles } = await build({
    entryPoints: [join(FOLDER, "client", "main.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
    // The compiler options of this repository are for Node.
    tsconfigRaw: "{}",
  });
  return new Map([
    ["/", asset("text/html; charset=utf-8", file("index.html"))],
    ["/login", asset("text/html; charset=utf-8", file("login.html"))],
    ["/style.css", asset("text/css; charset=utf-8", file("style.css"))],
    ["/icon.svg", asset("image/svg+xml", file("icon.svg"))],
    [
      "/app.js",
      asset("text/javascript; charset=utf-8", Buffer.from(outputFiles[0]?.contents ?? "")),
    ],
  ]);
}

function asset(type: string, body: Buffer): Reply {
  const tag = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  // Kept by the browser, but asked for each time: an update of this project shows at once.
  return { status: 200, type, body, headers: { "Cache-Control": "no-cache", ETag: `"${tag}"` } };
}
