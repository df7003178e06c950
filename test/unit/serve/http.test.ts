import { request, type IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import { connect, Socket } from "node:net";
import { FakeGateway, startSite, type TestSite } from "../../browser/support/site";
import { systemClock, type Moment } from "../../../operate/serve/time";
import { simulated } from "./support/simulation";

// The first server of a test file bundles the page.
jest.setTimeout(30_000);

const TOKEN = "0123456789abcdef0123456789abcdef";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  { port }: TestSite,
  path: string,
  headers: Record<string, string> = {},
  { method = "GET", body = "" } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Connections of which nothing complete comes. */
async function halfOpen({ port }: TestSite, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  for (const socket of sockets) socket.write("GET / HTTP/1.1\r\nHost: ");
  return sockets;
}

const gateway = new FakeGateway(() => simulated({ count: 3 }));
const form = { "Content-Type": "application/x-www-form-urlencoded" };

describe("without a token", () => {
  let site: TestSite;
  let why: (tunnel: string) => Promise<string> = (tunnel) => Promise.resolve(`${tunnel} is fine`);

  beforeAll(async () => {
    site = await startSite(
      {
        collect: gateway.collect,
        explain: async (tunnel) => ({ cause: await why(tunnel), evidence: [] }),
      },
      { hostNames: ["gw.example"] },
    );
  });
  afterAll(() => site.stop());

  test("requests that never end keep no other out", async () => {
    const first = await halfOpen(site, 1);
    const gone = once(first[0] ?? new Socket(), "close");
    const others = await halfOpen(site, 300);
    try {
      expect((await ask(site, "/metrics")).status).toBe(200);
      expect(await gone).toBeDefined();
    } finally {
      for (const socket of [...first, ...others]) socket.destroy();
    }
  });

  test.each([
    ["/", "text/html; charset=utf-8"],
    ["/app.js", "text/javascript; charset=utf-8"],
    ["/style.css", "text/css; charset=utf-8"],
    ["/icon.svg", "image/svg+xml"],
    ["/metrics", "text/plain; version=0.0.4; charset=utf-8"],
    ["/api/state", "application/json; charset=utf-8"],
    ["/api/tunnel?name=west", "application/json; charset=utf-8"],
  ])("%s is there, with every security header", async (path, type) => {
    const { status, headers } = await ask(site, path);
    expect([status, headers["content-type"]]).toEqual([200, type]);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is refused everywhere", async (method) => {
    for (const path of ["/", "/metrics", "/login", "/api/why?name=west"]) {
      const { status, headers } = await ask(site, path, {}, { method });
      expect([path, status, headers.allow]).toEqual([path, 405, "GET, HEAD"]);
    }
  });

  test.each([
    ["evil.example", 421],
    ["evil.example:9177", 421],
    ["127.0.0.1.evil.example", 421],
    ["local host", 400],
    ["127.0.0.1", 200],
    ["127.0.0.1:8080", 200],
    ["localhost:9177", 200],
    ["LOCALHOST", 200],
    ["gw.example:9177", 200],
    ["www.gw.example", 421],
    ["[::1]:9177", 200],
  ])("asked as %s it answers %d", async (host, status) => {
    expect((await ask(site, "/api/state", { Host: host })).status).toBe(status);
  });

  test("what another site's page asks for is refused, but a link to the page works", async () => {
    const status = async (from: string, mode: string, path: string) => {
      const headers = { "Sec-Fetch-Site": from, "Sec-Fetch-Mode": mode };
      return (await ask(site, path, headers)).status;
    };
    // Another port of this machine is another origin of the same site.
    for (const from of ["cross-site", "same-site"]) {
      expect([from, await status(from, "cors", "/api/state")]).toEqual([from, 403]);
      expect([from, await status(from, "no-cors", "/api/why?name=west")]).toEqual([from, 403]);
      expect([from, await status(from, "navigate", "/")]).toEqual([from, 200]);
    }
    expect(await status("same-origin", "cors", "/api/state")).toBe(200);
  });

  test("nothing outside the page's own files can be had", async () => {
    for (const path of [
      "/../package.json",
      "/%2e%2e/package.json",
      "/client/main.ts",
      "//etc/passwd",
    ]) {
      expect([path, (await ask(site, path)).status]).toEqual([path, 404]);
    }
  });

  test("an asset that the browser has is not sent again", async () => {
    const { headers } = await ask(site, "/app.js");
    const again = await ask(site, "/app.js", { "If-None-Match": headers.etag ?? "" });
    expect([again.status, again.body]).toEqual([304, ""]);
  });

  test("why is asked once for many readers, and its failure is a sentence", async () => {
    let calls = 0;
    let release = (): void => undefined;
    why = (tunnel) => {
      calls++;
      return new Promise(
        (resolve) =>
          (release = () => {
            resolve(`${tunnel} is odd`);
          }),
      );
    };
    const answers = [ask(site, "/api/why?name=west"), ask(site, "/api/why?name=west")];
    while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // Both requests are with the server once a third, later one was answered.
    await ask(site, "/api/state");
    await ask(site, "/api/state");
    release();
    for (const answer of answers) expect((await answer).body).toContain("west is odd");
    expect(calls).toBe(1);
    why = () => Promise.reject(new Error("the log cannot be read"));
    const failed = await ask(site, "/api/why?name=west");
    expect([failed.status, failed.body]).toEqual([502, '{"error":"the log cannot be read"}']);
    expect((await ask(site, "/api/why?name=nobody")).status).toBe(404);
  });

  test("events begin with the state as it is now", async () => {
    const [first] = await events(site, 1);
    expect(JSON.parse(first ?? "")).toMatchObject({ stale: false, gateway: { name: "gw-test" } });
  });

  test("a reader that takes nothing costs one update at most, and the others go on", async () => {
    const socket = connect(site.port, "127.0.0.1");
    socket.write("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    socket.pause();
    const received = await events(site, 3);
    expect(received).toHaveLength(3);
    socket.destroy();
  });

  test("there is room for 64 pages, and then a clear refusal", async () => {
    const open = Array.from({ length: 64 }, () => {
      const socket = connect(site.port, "127.0.0.1");
      socket.write("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      return new Promise<typeof socket>((resolve) =>
        socket.once("data", () => {
          resolve(socket);
        }),
      );
    });
    const sockets = await Promise.all(open);
    const { status, body } = await ask(site, "/api/events");
    expect([status, body]).toEqual([503, "Too many pages are open.\n"]);
    for (const socket of sockets) socket.destroy();
  });
});

/** The data of the first events of a connection. */
function events({ port }: TestSite, count: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path: "/api/events" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const data = [...text.matchAll(/^event: state\ndata: (.*)\n\n/gm)].map(
          ([, json]) => json ?? "",
        );
        if (data.length < count) return;
        asked.destroy();
        resolve(data);
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("with a token", () => {
  let site: TestSite;
  /** Milliseconds. */
  let later = 0;
  const now = (): Moment => {
    const { wall, steady } = systemClock.now();
    return { wall: wall + later, steady };
  };

  beforeAll(async () => {
    const clock = { ...systemClock, now };
    site = await startSite({ collect: gateway.collect }, { token: TOKEN, clock });
  });
  afterAll(() => site.stop());

  test("nothing is answered without it, in any way", async () => {
    for (const path of [
      "/metrics",
      "/api/state",
      "/api/events",
      "/api/tunnel?name=west",
      "/app.js",
    ]) {
      const { status, body } = await ask(site, path);
      expect([path, status]).toEqual([path, 401]);
      expect(body).not.toContain("west");
    }
    for (const Authorization of ["Bearer wrong", `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, "Bearer "]) {
      expect((await ask(site, "/metrics", { Authorization })).status).toBe(401);
    }
    const { status, headers } = await ask(site, "/");
    expect([status, headers.location]).toEqual([303, "/login"]);
  });

  test("Prometheus gives it as bearer", async () => {
    const { status, body } = await ask(site, "/metrics", { Authorization: `Bearer ${TOKEN}` });
    expect(status).toBe(200);
    expect(body).toContain('ipsec_tunnel_proven{tunnel="west"} 1');
    expect(body).not.toContain(TOKEN);
  });

  test("a browser gets a session of 12 hours for it, that scripts and other sites cannot use", async () => {
    for (const body of ["token=nonsense", `token=${TOKEN}&more=${"x".repeat(4096)}`]) {
      const wrong = await ask(site, "/login", form, { method: "POST", body });
      expect([wrong.status, wrong.headers.location, wrong.headers["set-cookie"]]).toEqual([
        303,
        "/login#wrong",
        undefined,
      ]);
    }
    const right = await ask(
      site,
      "/login",
      { ...form, Origin: `http://127.0.0.1:${site.port}` },
      // Pasted with blanks around it.
      { method: "POST", body: `token=+${TOKEN}+` },
    );
    const [cookie = ""] = right.headers["set-cookie"] ?? [];
    expect(right.headers.location).toBe("/");
    expect(cookie).toMatch(
      /^gateway_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    expect(cookie).not.toContain(TOKEN);
    const Cookie = cookie.split(";")[0] ?? "";
    const among = { Cookie: `theme=dark; ${Cookie}; lang=en` };
    expect((await ask(site, "/api/state", among)).status).toBe(200);
    expect((await ask(site, "/login", { Cookie })).headers.location).toBe("/");
    expect((await ask(site, "/api/state", { Cookie: `${Cookie.slice(0, -1)}-` })).status).toBe(401);
    later = 12 * 3_600_000;
    expect((await ask(site, "/api/state", { Cookie })).status).toBe(401);
  });

  test.each(["http://evil.example", "null"])(
    "a login form of another site, %s, is refused",
    async (Origin) => {
      const { status } = await ask(
        site,
        "/login",
        { ...form, Origin },
        { method: "POST", body: `token=${TOKEN}` },
      );
      expect(status).toBe(403);
    },
  );
});

test("it ends at once when asked, with pages open and the gateway silent", async () => {
  const site = await startSite({ collect: () => new Promise<never>(() => undefined) });
  const socket = connect(site.port, "127.0.0.1");
  socket.write("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await new Promise((resolve) => socket.once("data", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await site.stop();
  await closed;
  expect(site.log).toEqual([]);
});
