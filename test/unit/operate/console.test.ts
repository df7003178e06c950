import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { follow } from "../../../operate/console/follow";
import { gateway } from "./support/gateway";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "follow-"));
  file = join(directory, "gw-console.log");
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Follows until what was printed has the text. */
async function followed(
  until: string,
  meanwhile: () => void,
): Promise<{ out: string; err: string }> {
  const stop = new AbortController();
  let out = "";
  let err = "";
  const following = follow(file, {
    signal: stop.signal,
    out: (text) => {
      out += text;
      if (out.includes(until)) stop.abort();
    },
    err: (text) => {
      err += text;
      meanwhile();
    },
  });
  if (err === "") meanwhile();
  await following;
  return { out, err };
}

test("begins with the last installation, as plain text, and goes on while it grows", async () => {
  appendFileSync(file, "\n=== 2026-01-01T00:00:00.000Z installation of gw, path stock\nold\n");
  appendFileSync(
    file,
    "\n=== 2026-01-02T00:00:00.000Z installation of gw, path stock\n\x1b[2Jnew\r\n",
  );
  const { out } = await followed("more", () => {
    appendFileSync(file, "more\r\n");
  });
  expect(out).toBe("=== 2026-01-02T00:00:00.000Z installation of gw, path stock\nnew\nmore\n");
});

test("waits for a transcript that is not there yet", async () => {
  let written = false;
  const { out, err } = await followed("hello", () => {
    if (!written) appendFileSync(file, "hello\n");
    written = true;
  });
  expect(err === "" || err === `waiting for ${file}\n`).toBe(true);
  expect(out).toBe("hello\n");
});

test.each([
  [["--uri", "test:///"], 64, "--uri belongs to --domain"],
  [["--domain", "gw", "--stack", "test"], 64, "give --domain or --stack, not both"],
])("%j is called wrongly", async (argv, status, message) => {
  const outcome = await gateway(["console", ...argv]);
  expect(outcome).toMatchObject({ status, out: "" });
  expect(outcome.err).toContain(message);
});
