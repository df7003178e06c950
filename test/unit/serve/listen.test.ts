import { mkdtempSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLoopback, parseListen, readToken } from "../../../operate/serve/listen";
import { FakeGateway, startSite } from "../../browser/support/site";
import { gateway } from "../operate/support/gateway";
import { simulated } from "./support/simulation";

// The first server of a test file bundles the page.
jest.setTimeout(30_000);

test.each([
  ["127.0.0.1:9177", { host: "127.0.0.1", port: 9177 }],
  ["[::1]:0", { host: "::1", port: 0 }],
  ["localhost:80", { host: "localhost", port: 80 }],
])("%s is an address to listen on", (text, listen) => {
  expect(parseListen(text)).toEqual(listen);
});

test.each([
  "9177",
  ":9177",
  "127.0.0.1",
  "example.net:80",
  "::1:80",
  "127.0.0.1:99999",
  "[127.0.0.1]:1",
])("%s is none", async (text) => {
  const { status, err } = await gateway(["serve", "--listen", text]);
  expect(status).toBe(64);
  expect(err).toContain(`--listen ${text}: write an address and a port`);
});

test.each(["4", "3601", "15.5", "x"])("an interval of %s is refused", async (text) => {
  const { status, err } = await gateway(["serve", "--interval", text]);
  expect([status, err]).toEqual([
    64,
    `gateway: serve: --interval ${text}: write whole seconds, 5 to 3600\n`,
  ]);
});

test("only 127/8, ::1 and localhost are loopback", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "localhost"].every(isLoopback)).toBe(true);
  expect(["0.0.0.0", "::", "10.0.0.1", "1.127.0.1"].some(isLoopback)).toBe(false);
});

const source = { collect: new FakeGateway(() => simulated({ count: 1 })).collect };

test("an address that others can reach needs a token", async () => {
  const open = startSite(source, { listen: { host: "0.0.0.0", port: 0 } });
  await expect(open).rejects.toThrow("others can reach this address: give --token-file");
});

test("a port that is taken is said so", async () => {
  const site = await startSite(source);
  const second = startSite(source, { listen: { host: "127.0.0.1", port: site.port } });
  await expect(second).rejects.toThrow(`--listen 127.0.0.1:${site.port}: another program has it`);
  await site.stop();
});

describe("the token file", () => {
  const folder = mkdtempSync(join(tmpdir(), "token-"));
  const file = join(folder, "token");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function token(text: string, mode = 0o600): string {
    writeFileSync(file, text);
    chmodSync(file, mode);
    return readToken(file);
  }

  test("holds one word", () => {
    expect(token(`${"a".repeat(64)}\n`)).toBe("a".repeat(64));
  });

  test.each([
    ["is readable by others", "a".repeat(64), 0o640, "others may read it: chmod 600"],
    ["is short", "a".repeat(31), 0o600, "32 or more ASCII characters"],
    ["has two words", `${"a".repeat(32)} ${"b".repeat(32)}`, 0o600, "needs one word"],
    ["is empty", "", 0o600, "needs one word"],
    ["is large", "a".repeat(5000), 0o600, "is too large"],
  ])("is refused when it %s, without a word of it", (_, text, mode, message) => {
    expect(() => token(text, mode)).toThrow(message);
    if (text !== "") expect(() => token(text, mode)).not.toThrow(text.slice(0, 20));
  });

  test("must be there", () => {
    expect(() => readToken(join(folder, "none"))).toThrow("cannot be read: make one with");
  });
});
